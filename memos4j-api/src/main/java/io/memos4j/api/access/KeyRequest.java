package io.memos4j.api.access;

import io.memos4j.api.CubeId;
import io.memos4j.api.MemoryException;
import java.time.Duration;
import java.util.Optional;
import java.util.Set;

/**
 * Request for a key.
 *
 * @param principal whose; must exist
 * @param label what its holder calls it, at most 200 characters
 * @param scope the most that it allows
 * @param cubes the only cubes that it opens, as the engine names them; none means all that the principal may use
 * @param lifetime until it expires; empty for never
 */
public record KeyRequest(
        String principal, String label, Permission scope, Set<CubeId> cubes, Optional<Duration> lifetime) {
    /** Longest label, in UTF-16 units. */
    public static final int MAX_LABEL = 200;

    public KeyRequest {
        cubes = Set.copyOf(cubes);
        if (label.length() > MAX_LABEL) {
            throw MemoryException.invalid(
                    "A key's label has at most " + MAX_LABEL + " characters, this one has " + label.length() + ".");
        }
        lifetime.filter(time -> time.isNegative() || time.isZero()).ifPresent(time -> {
            throw MemoryException.invalid("A key's lifetime must be positive, asked for " + time + ".");
        });
    }

    /** A key for everything that the principal may do, for ever. */
    public static KeyRequest of(String principal) {
        return new KeyRequest(principal, "", Permission.ADMIN, Set.of(), Optional.empty());
    }

    public KeyRequest labeled(String newLabel) {
        return new KeyRequest(principal, newLabel, scope, cubes, lifetime);
    }

    public KeyRequest scope(Permission newScope) {
        return new KeyRequest(principal, label, newScope, cubes, lifetime);
    }

    public KeyRequest only(Set<CubeId> newCubes) {
        return new KeyRequest(principal, label, scope, newCubes, lifetime);
    }

    public KeyRequest expiring(Duration newLifetime) {
        return new KeyRequest(principal, label, scope, cubes, Optional.of(newLifetime));
    }
}
