package io.memos4j.api.access;

import io.memos4j.api.CubeId;
import java.time.Instant;
import java.util.Optional;
import java.util.Set;

/**
 * A key with which a principal proves who it is, without its secret part, which nobody stores.
 *
 * @param id public; the secret names it
 * @param principal whose
 * @param label what its holder calls it; may be empty
 * @param scope the most that it allows, whatever the principal may do
 * @param cubes the only cubes that it opens, as the engine names them; none means all that the principal may use
 * @param lastUsedAt to the minute
 */
public record ApiKey(
        String id,
        String principal,
        String label,
        Permission scope,
        Set<CubeId> cubes,
        Instant createdAt,
        Optional<Instant> expiresAt,
        Optional<Instant> revokedAt,
        Optional<Instant> lastUsedAt) {
    public ApiKey {
        cubes = Set.copyOf(cubes);
    }

    /** Returns true if the key is accepted at this instant. */
    public boolean isValidAt(Instant now) {
        return revokedAt.filter(at -> !at.isAfter(now)).isEmpty()
                && expiresAt.filter(at -> !at.isAfter(now)).isEmpty();
    }
}
