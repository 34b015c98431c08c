package io.memos4j.api;

import java.time.Instant;
import java.util.Optional;

/**
 * The permission of a principal to use a cube that it does not own.
 *
 * @param cube as the engine names it
 */
public record Grant(
        String principal, CubeId cube, Permission permission, Instant createdAt, Optional<Instant> expiresAt) {
    public boolean valid(Instant now) {
        return expiresAt.filter(at -> !at.isAfter(now)).isEmpty();
    }
}
