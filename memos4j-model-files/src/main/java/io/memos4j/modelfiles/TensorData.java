package io.memos4j.modelfiles;

import io.memos4j.api.MemoryException;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;

/**
 * A tensor to be written.
 *
 * @param shape in the order of the format that it is written in
 */
record TensorData(String name, TensorType numbers, long[] shape, WeightSource weights) {
    TensorData {
        if (!numbers.readable()) {
            throw MemoryException.invalid(
                    "The tensor " + name + " cannot be written as " + numbers + ". Use F32, F16 or BF16.");
        }
    }

    long count() {
        long count = 1;
        for (long side : shape) {
            count = Math.multiplyExact(count, side);
        }
        return count;
    }

    long bytes() {
        return Math.multiplyExact(count(), numbers.bytes());
    }

    void write(OutputStream out) throws IOException {
        ByteBuffer block = ByteBuffer.allocate(1 << 16).order(ByteOrder.LITTLE_ENDIAN);
        long count = count();
        for (long i = 0; i < count; i++) {
            numbers.put(block, weights.next());
            if (!block.hasRemaining()) {
                out.write(block.array());
                block.clear();
            }
        }
        out.write(block.array(), 0, block.position());
    }

    /** Refuses an array that does not fill the shape. */
    static float[] requireFilled(String name, float[] values, long... shape) {
        long count = Arrays.stream(shape).reduce(1, Math::multiplyExact);
        if (values.length != count) {
            throw MemoryException.invalid("The tensor " + name + " of shape " + Arrays.toString(shape) + " needs "
                    + count + " numbers, not " + values.length + ".");
        }
        return values;
    }
}
