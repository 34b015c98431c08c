package io.memos4j.modelfiles;

import java.util.List;

/**
 * What a file says about a tensor.
 *
 * @param name unique in the file
 * @param numbers their type
 * @param shape lengths of its sides, that of numbers beside each other last: a matrix is rows, columns. GGUF files have
 *     the opposite order, which is turned round when they are read
 * @param count of its numbers
 * @param bytes in the file
 */
public record TensorInfo(String name, TensorType numbers, List<Long> shape, long count, long bytes) {
    public TensorInfo {
        shape = List.copyOf(shape);
    }

    /** Whether it is a matrix of this size. */
    public boolean isMatrix(long rows, long columns) {
        return shape.equals(List.of(rows, columns));
    }
}
