package io.memos4j.modelfiles;

import java.util.List;

/**
 * The description of a tensor in a file.
 *
 * @param name unique in the file
 * @param numbers their type
 * @param shape the dimensions, the contiguous one last: a matrix is rows, columns. GGUF files have the opposite order,
 *     which is reversed on reading
 * @param count of its numbers
 * @param bytes in the file
 */
public record TensorInfo(String name, TensorType numbers, List<Long> shape, long count, long bytes) {
    public TensorInfo {
        shape = List.copyOf(shape);
    }

    /** Tells whether it is a matrix of this size. */
    public boolean isMatrix(long rows, long columns) {
        return shape.equals(List.of(rows, columns));
    }
}
