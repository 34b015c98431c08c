package io.memos4j.bench.load;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/**
 * The numbers in the saved state of a sequence of llama.cpp b4916 with F16 keys and values: the cells, then the keys of each layer, then
 * the values of each layer, which are transposed unless flash attention is on.
 */
final class F16State {
    private static final int F16 = 1;

    private F16State() {}

    /** What is done to the keys or values of one layer. */
    @FunctionalInterface
    interface Change {
        /**
         * Changes numbers in place.
         *
         * @param rows the numbers of each token
         */
        void apply(int layer, boolean keys, float[][] rows);
    }

    /** The state with other numbers. Without any change it is the same, byte for byte. */
    static byte[] changed(byte[] state, Change change) {
        ByteBuffer buffer = ByteBuffer.wrap(state.clone()).order(ByteOrder.LITTLE_ENDIAN);
        int cells = buffer.getInt();
        for (int i = 0; i < cells; i++) {
            buffer.getInt();
            skip(buffer, Integer.BYTES * buffer.getInt());
        }
        boolean transposed = buffer.getInt() == 1;
        int layers = buffer.getInt();
        for (int i = 0; i < 2 * layers; i++) {
            boolean keys = i < layers;
            require(buffer.getInt() == F16, "its numbers are not F16");
            int width;
            if (keys || !transposed) {
                width = Math.toIntExact(buffer.getLong() / Short.BYTES);
            } else {
                require(buffer.getInt() == Short.BYTES, "its numbers have not two bytes");
                width = buffer.getInt();
            }
            boolean across = transposed && !keys;
            float[][] rows = rows(buffer, new float[cells][width], across);
            change.apply(keys ? i : i - layers, keys, rows);
            put(buffer, rows, across);
        }
        require(!buffer.hasRemaining(), buffer.remaining() + " bytes are left");
        return buffer.array();
    }

    private static void skip(ByteBuffer buffer, int bytes) {
        buffer.position(buffer.position() + bytes);
    }

    private static float[][] rows(ByteBuffer buffer, float[][] rows, boolean across) {
        int start = buffer.position();
        for (int token = 0; token < rows.length; token++) {
            for (int i = 0; i < rows[token].length; i++) {
                rows[token][i] =
                        Float.float16ToFloat(buffer.getShort(start + Short.BYTES * place(rows, token, i, across)));
            }
        }
        return rows;
    }

    private static void put(ByteBuffer buffer, float[][] rows, boolean across) {
        int start = buffer.position();
        for (int token = 0; token < rows.length; token++) {
            for (int i = 0; i < rows[token].length; i++) {
                buffer.putShort(
                        start + Short.BYTES * place(rows, token, i, across), Float.floatToFloat16(rows[token][i]));
            }
        }
        skip(buffer, Short.BYTES * rows.length * rows[0].length);
    }

    private static int place(float[][] rows, int token, int number, boolean across) {
        return across ? number * rows.length + token : token * rows[0].length + number;
    }

    private static void require(boolean condition, String otherwise) {
        if (!condition) {
            throw new IllegalStateException("The state is not of the format that is measured: " + otherwise + ".");
        }
    }
}
