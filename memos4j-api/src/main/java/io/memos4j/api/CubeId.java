package io.memos4j.api;

/**
 * The name of a cube, chosen by its creator: 1 to 128 characters, any script, no control characters, no leading or
 * trailing white space.
 */
public record CubeId(String value) implements Comparable<CubeId> {
    /** Longest name, in UTF-16 units. */
    public static final int MAX_LENGTH = 128;

    public CubeId {
        if (value.isEmpty() || value.length() > MAX_LENGTH) {
            throw MemoryException.invalid(
                    "A cube name has 1 to " + MAX_LENGTH + " characters, this one has " + value.length() + ".");
        }
        if (!value.equals(value.strip())) {
            throw MemoryException.invalid("Cube name '" + value + "' starts or ends with white space. Remove it.");
        }
        if (value.codePoints().anyMatch(CubeId::isForbidden)) {
            throw MemoryException.invalid("A cube name may not hold control characters or unpaired surrogates.");
        }
    }

    public static CubeId of(String value) {
        return new CubeId(value);
    }

    private static boolean isForbidden(int codePoint) {
        int type = Character.getType(codePoint);
        return type == Character.CONTROL || type == Character.SURROGATE;
    }

    @Override
    public int compareTo(CubeId other) {
        return value.compareTo(other.value);
    }

    @Override
    public String toString() {
        return value;
    }
}
