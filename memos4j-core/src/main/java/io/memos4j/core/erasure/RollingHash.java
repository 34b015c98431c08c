package io.memos4j.core.erasure;

import java.nio.ByteBuffer;

/**
 * A keyed rolling hash of {@value #WINDOW} bytes, a polynomial modulo 2⁶⁴ (Karp and Rabin, "Efficient randomized
 * pattern-matching algorithms", 1987). Not thread-safe.
 */
final class RollingHash {
    /** The bytes that it covers. */
    static final int WINDOW = 12;

    private final long base;
    private final long offset;
    private final long oldest;
    private long hash;

    /** @param secret at least 16 bytes */
    RollingHash(byte[] secret) {
        ByteBuffer random = ByteBuffer.wrap(secret);
        this.base = random.getLong() | 1;
        this.offset = random.getLong() | 1;
        long power = 1;
        for (int i = 1; i < WINDOW; i++) {
            power *= base;
        }
        this.oldest = power;
    }

    /** Returns the hash of the window that starts at a place. */
    long of(byte[] bytes, int start) {
        hash = 0;
        for (int i = start; i < start + WINDOW; i++) {
            append(bytes[i]);
        }
        return hash;
    }

    /** Moves the window by a byte. */
    long roll(byte leaving, byte entering) {
        hash -= value(leaving) * oldest;
        append(entering);
        return hash;
    }

    private void append(byte entering) {
        hash = hash * base + value(entering);
    }

    private long value(byte each) {
        return offset + (each & 0xff) * 0x9E3779B97F4A7C15L;
    }
}
