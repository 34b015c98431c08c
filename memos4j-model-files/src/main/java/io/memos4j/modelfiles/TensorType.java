package io.memos4j.modelfiles;

import java.nio.ByteBuffer;

/**
 * Number types of tensors, named as in safetensors, little-endian in files.
 *
 * <p>{@link #readable()} types can be read and written as floats, the others only as bytes.
 */
public enum TensorType {
    /** IEEE 754, 32 bits. */
    F32(4, 0),
    /** IEEE 754, 16 bits: up to 65504, 11 bits of precision. */
    F16(2, 1),
    /** The upper half of {@link #F32}: its range, 8 bits of precision. */
    BF16(2, 30),
    F64(8, 28),
    I64(8, 27),
    U64(8, -1),
    I32(4, 26),
    U32(4, -1),
    I16(2, 25),
    U16(2, -1),
    I8(1, 24),
    U8(1, -1),
    F8_E4M3(1, -1),
    F8_E5M2(1, -1),
    BOOL(1, -1),
    /** Quantized numbers in blocks, in GGUF files only; {@link #bytes()} is 0 since a single number has no size. */
    BLOCKS(0, -1);

    private final int bytes;
    private final int ggml;

    TensorType(int bytes, int ggml) {
        this.bytes = bytes;
        this.ggml = ggml;
    }

    /** The bytes of one number. */
    public int bytes() {
        return bytes;
    }

    /** Tells whether numbers of this type can be read and written as floats. */
    public boolean readable() {
        return this == F32 || this == F16 || this == BF16;
    }

    /** The number of this type in {@code ggml.h}; -1 if it has none. */
    int ggml() {
        return ggml;
    }

    static TensorType ofGgml(int id) {
        for (TensorType each : values()) {
            if (each.ggml == id && id >= 0) {
                return each;
            }
        }
        return BLOCKS;
    }

    float get(ByteBuffer from) {
        return switch (this) {
            case F32 -> from.getFloat();
            case F16 -> Float.float16ToFloat(from.getShort());
            case BF16 -> Float.intBitsToFloat(from.getShort() << 16);
            default -> throw new IllegalStateException(this + " is not a float type.");
        };
    }

    void put(ByteBuffer to, float value) {
        switch (this) {
            case F32 -> to.putFloat(value);
            case F16 -> to.putShort(Float.floatToFloat16(value));
            case BF16 -> to.putShort(bfloat(value));
            default -> throw new IllegalStateException(this + " is not a float type.");
        }
    }

    /** Rounds to nearest, ties to even; NaN stays NaN. */
    private static short bfloat(float value) {
        int bits = Float.floatToRawIntBits(value);
        if (Float.isNaN(value)) {
            return (short) (bits >>> 16 | 0x40);
        }
        return (short) (bits + 0x7FFF + (bits >>> 16 & 1) >>> 16);
    }
}
