package io.memos4j.modelfiles;

import java.io.BufferedOutputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * Writes GGUF files, version 3: metadata, then the tensor table, then the data, aligned to 32 bytes.
 *
 * <p>The format is specified in {@code docs/gguf.md} of the ggml project. Tensors are provided as functions of the
 * index, so that a large model is never in memory. Not thread-safe.
 */
public final class GgufWriter {
    private static final int ALIGNMENT = 32;
    private static final int UINT32 = 4;
    private static final int INT32 = 5;
    private static final int FLOAT32 = 6;
    private static final int BOOL = 7;
    private static final int STRING = 8;
    private static final int ARRAY = 9;

    private final Bytes metadata = new Bytes();
    private final List<TensorData> tensors = new ArrayList<>();
    private long keys;

    public GgufWriter put(String key, String value) {
        key(key, STRING).string(value);
        return this;
    }

    public GgufWriter put(String key, int value) {
        key(key, UINT32).int32(value);
        return this;
    }

    public GgufWriter put(String key, float value) {
        key(key, FLOAT32).int32(Float.floatToIntBits(value));
        return this;
    }

    public GgufWriter put(String key, boolean value) {
        key(key, BOOL).int8(value ? 1 : 0);
        return this;
    }

    public GgufWriter put(String key, List<String> values) {
        Bytes bytes = array(key, STRING, values.size());
        values.forEach(bytes::string);
        return this;
    }

    public GgufWriter put(String key, int[] values) {
        Bytes bytes = array(key, INT32, values.length);
        for (int value : values) {
            bytes.int32(value);
        }
        return this;
    }

    public GgufWriter put(String key, float[] values) {
        Bytes bytes = array(key, FLOAT32, values.length);
        for (float value : values) {
            bytes.int32(Float.floatToIntBits(value));
        }
        return this;
    }

    /** Adds a tensor; the first dimension of the shape is the contiguous one. */
    public GgufWriter tensor(String name, TensorType numbers, WeightSource weights, long... shape) {
        tensors.add(new TensorData(name, numbers, shape.clone(), weights));
        return this;
    }

    /** Adds a tensor from an array, which must not change until the file is written. */
    public GgufWriter tensor(String name, TensorType numbers, float[] values, long... shape) {
        return tensor(name, numbers, WeightSource.of(TensorData.requireFilled(name, values, shape)), shape);
    }

    /** Writes the file, once: weights are requested while it is written. */
    public void write(Path file) throws IOException {
        Bytes head = new Bytes();
        head.write("GGUF".getBytes(StandardCharsets.US_ASCII));
        head.int32(3).int64(tensors.size()).int64(keys);
        head.write(metadata.toByteArray());
        long offset = 0;
        for (TensorData tensor : tensors) {
            head.string(tensor.name()).int32(tensor.shape().length);
            for (long side : tensor.shape()) {
                head.int64(side);
            }
            head.int32(tensor.numbers().ggml()).int64(offset);
            offset += tensor.bytes() + padding(tensor.bytes());
        }
        head.write(new byte[padding(head.size())]);
        try (OutputStream out = new BufferedOutputStream(Files.newOutputStream(file), 1 << 16)) {
            head.writeTo(out);
            for (TensorData tensor : tensors) {
                tensor.write(out);
                out.write(new byte[padding(tensor.bytes())]);
            }
        }
    }

    private static int padding(long bytes) {
        return Math.floorMod(-bytes, ALIGNMENT);
    }

    private Bytes key(String key, int type) {
        keys++;
        return metadata.string(key).int32(type);
    }

    private Bytes array(String key, int type, int length) {
        return key(key, ARRAY).int32(type).int64(length);
    }

    /** A growing little-endian buffer. */
    private static final class Bytes extends ByteArrayOutputStream {
        @Override
        public void write(byte[] bytes) {
            write(bytes, 0, bytes.length);
        }

        Bytes int8(int value) {
            write(value);
            return this;
        }

        Bytes int32(int value) {
            write(ByteBuffer.allocate(Integer.BYTES)
                    .order(ByteOrder.LITTLE_ENDIAN)
                    .putInt(value)
                    .array());
            return this;
        }

        Bytes int64(long value) {
            write(ByteBuffer.allocate(Long.BYTES)
                    .order(ByteOrder.LITTLE_ENDIAN)
                    .putLong(value)
                    .array());
            return this;
        }

        Bytes string(String value) {
            byte[] bytes = value.getBytes(StandardCharsets.UTF_8);
            int64(bytes.length);
            write(bytes);
            return this;
        }
    }
}
