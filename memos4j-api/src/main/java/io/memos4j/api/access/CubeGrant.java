package io.memos4j.api.access;

import io.memos4j.api.CubeId;
import java.time.Instant;
import java.util.Optional;

/**
 * The permission of a principal to use a cube that it does not own.
 *
 * @param cube as the engine names it
 */
public record CubeGrant(
        String principal, CubeId cube, Permission permission, Instant createdAt, Optional<Instant> expiresAt) {
    public boolean isValidAt(Instant now) {
        return expiresAt.filter(at -> !at.isAfter(now)).isEmpty();
    }
}
