package io.memos4j.spi;

import java.util.Comparator;

/**
 * The number of a cube in its vault: given once, never reused, the same after the cube is renamed.
 *
 * @param value positive
 */
public record CubeKey(long value) implements Comparable<CubeKey> {
    /**
     * Checks the number.
     *
     * @throws IllegalArgumentException unless it is positive
     */
    public CubeKey {
        if (value <= 0) {
            throw new IllegalArgumentException("The key of a cube is positive, not " + value + ".");
        }
    }

    public static CubeKey of(long value) {
        return new CubeKey(value);
    }

    @Override
    public int compareTo(CubeKey other) {
        return Comparator.comparingLong(CubeKey::value).compare(this, other);
    }

    /** The number alone, as it names the index folder of the cube. */
    @Override
    public String toString() {
        return Long.toString(value);
    }
}
