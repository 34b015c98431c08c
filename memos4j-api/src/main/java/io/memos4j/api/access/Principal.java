package io.memos4j.api.access;

import io.memos4j.api.CubeId;
import io.memos4j.api.MemoryException;
import java.time.Instant;
import java.util.regex.Pattern;

/**
 * A user of the memory: a person, a team, an application. Each owns a space of cube names: what it calls {@code notes}
 * is the cube {@code acme/notes} of the engine, so that the names of two principals never collide. An administrator's
 * space is the whole engine.
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

    /** Returns the prefix of the engine's names for the cubes that this principal owns; empty for an administrator. */
    public String space() {
        return administrator ? "" : name + "/";
    }

    /** Returns true if the cube is in this principal's space. */
    public boolean owns(CubeId cube) {
        return cube.value().startsWith(space());
    }
}
