package io.memos4j.api.adapters;

import io.memos4j.api.MemoryException;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Names one version of an adapter of a cube; written {@code lesson-1@2}.
 *
 * @param name 1 to 64 of a-z, 0-9 and hyphens, beginning with a letter
 * @param version from 1
 */
public record AdapterId(String name, int version) implements Comparable<AdapterId> {
    private static final Pattern NAME = Pattern.compile("[a-z][a-z0-9-]{0,63}");
    private static final Pattern WRITTEN = Pattern.compile("([^@]+)@([0-9]{1,9})");

    public AdapterId {
        if (!NAME.matcher(name).matches()) {
            throw MemoryException.invalid("An adapter's name has 1 to 64 of a-z, 0-9 and hyphens and begins with a"
                    + " letter (was '" + name + "').");
        }
        if (version < 1) {
            throw MemoryException.invalid("An adapter's version is at least 1 (was " + version + ").");
        }
    }

    /** Reads what {@link #toString} writes. */
    public static AdapterId parse(String text) {
        Matcher matcher = WRITTEN.matcher(text);
        if (!matcher.matches()) {
            throw MemoryException.invalid(
                    "An adapter is named like lesson-1@2, with its version after the @ (was '" + text + "').");
        }
        return new AdapterId(matcher.group(1), Integer.parseInt(matcher.group(2)));
    }

    public AdapterId next() {
        return new AdapterId(name, version + 1);
    }

    /** By name, then by version. */
    @Override
    public int compareTo(AdapterId other) {
        int byName = name.compareTo(other.name);
        return byName != 0 ? byName : Integer.compare(version, other.version);
    }

    @Override
    public String toString() {
        return name + "@" + version;
    }
}
