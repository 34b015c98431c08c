package io.memos4j.api.access;

import io.memos4j.api.CubeId;
import io.memos4j.api.MemoryException;
import java.time.Instant;
import java.util.regex.Pattern;

/**
 * Somebody who uses the memory: a person, a team, an application. Each owns a space of cube names: what it calls
 * {@code notes} is the cube {@code acme/notes} of the engine, so that two of them never see or meet each other's names.
 * An administrator's space is the whole engine.
 *
 * @param name 1 to 64 of the characters a–z, 0–9, dot, dash and underscore, beginning with a letter or digit
 * @param administrator may do everything, with every cube
 */
public record Principal(String name, boolean administrator, Instant createdAt) {
    private static final Pattern NAME = Pattern.compile("[a-z0-9][a-z0-9._-]{0,63}");

    public Principal {
        if (!NAME.matcher(name).matches()) {
            throw MemoryException.invalid(
                    "'" + name + "' is not a name for a principal. Use 1 to 64 of a-z, 0-9, '.', '-', '_',"
                            + " beginning with a letter or digit.");
        }
    }

    /** How the engine's names of the cubes that this principal owns begin; empty for an administrator. */
    public String space() {
        return administrator ? "" : name + "/";
    }

    /** Whether the cube lies in this principal's space. */
    public boolean owns(CubeId cube) {
        return cube.value().startsWith(space());
    }
}
