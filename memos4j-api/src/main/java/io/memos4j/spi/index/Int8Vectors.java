package io.memos4j.spi.index;

/**
 * The stored form of a vector: one signed byte a component, scaled so that the largest magnitude becomes 127.
 *
 * <p>Cosine similarity is independent of the scale, so none is kept. For unit vectors of a few hundred dimensions the
 * rounding moves a cosine by about 5e-4, far below what separates two ranks.
 */
public final class Int8Vectors {
    private Int8Vectors() {}

    /** Encodes a finite, non-zero vector. */
    public static byte[] encode(float[] vector) {
        float largest = 0;
        for (float component : vector) {
            if (!Float.isFinite(component)) {
                throw new IllegalArgumentException("A vector component is not finite.");
            }
            largest = Math.max(largest, Math.abs(component));
        }
        if (largest == 0) {
            throw new IllegalArgumentException("A vector of zero length has no direction.");
        }
        float scale = 127 / largest;
        byte[] code = new byte[vector.length];
        for (int i = 0; i < vector.length; i++) {
            code[i] = (byte) Math.round(vector[i] * scale);
        }
        return code;
    }

    /** Cosine similarity, -1 to 1, of two codes of the same length. */
    public static double cosine(byte[] a, byte[] b) {
        int dot = 0;
        int normA = 0;
        int normB = 0;
        for (int i = 0; i < a.length; i++) {
            dot += a[i] * b[i];
            normA += a[i] * a[i];
            normB += b[i] * b[i];
        }
        return dot / Math.sqrt((double) normA * normB);
    }
}
