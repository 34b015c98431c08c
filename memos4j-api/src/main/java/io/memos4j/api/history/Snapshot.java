package io.memos4j.api.history;

import io.memos4j.api.MemoryException;
import java.time.Instant;

/**
 * A named moment of a cube.
 *
 * @param name 1 to {@value #MAX_LENGTH} characters, any script, no control characters, no leading or trailing white
 *     space
 * @param takenAt what was recorded up to then belongs to it
 */
public record Snapshot(String name, Instant takenAt) {
    /** Longest name, in UTF-16 units. */
    public static final int MAX_LENGTH = 128;

    public Snapshot {
        if (name.isEmpty() || name.length() > MAX_LENGTH || !name.equals(name.strip())) {
            throw MemoryException.invalid("A snapshot's name has 1 to " + MAX_LENGTH
                    + " characters and neither starts nor ends with white space; '" + name + "' does not fit.");
        }
        if (name.codePoints().anyMatch(Snapshot::isForbidden)) {
            throw MemoryException.invalid(
                    "A snapshot's name may not hold control characters or unpaired surrogates. Choose another one.");
        }
    }

    private static boolean isForbidden(int codePoint) {
        int type = Character.getType(codePoint);
        return type == Character.CONTROL || type == Character.SURROGATE;
    }
}
