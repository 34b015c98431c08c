package io.memos4j.core.access;

import io.memos4j.api.CubeId;
import io.memos4j.api.MemoryException;
import io.memos4j.api.access.CallerIdentity;
import io.memos4j.api.access.CubeGrant;
import io.memos4j.api.access.Permission;
import io.memos4j.api.access.Principal;
import io.memos4j.spi.CubeRow;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Optional;

/**
 * Grants and checks permissions on cubes: of their owners, of administrators, and of principals with a grant.
 * Thread-safe.
 */
final class GrantManager {
    private final AccessRegistry registry;
    private final InstantSource clock;

    GrantManager(AccessRegistry registry, InstantSource clock) {
        this.registry = registry;
        this.clock = clock;
    }

    CubeGrant grant(String name, CubeId cube, Permission permission, Optional<Instant> expiresAt) {
        return registry.writeGranting((writer, before) -> {
            Principal principal = before.requirePrincipal(name);
            CubeRow row = writer.requireCube(cube);
            Instant now = clock.instant();
            if (principal.owns(cube)) {
                throw MemoryException.invalid("Principal '" + name + "' owns cube '" + cube + "' and needs no grant.");
            }
            Optional<Instant> end = expiresAt.map(ExpiryTimes::at);
            end.filter(at -> !at.isAfter(now)).ifPresent(at -> {
                throw MemoryException.invalid(
                        "The end of the grant, " + at + ", has passed. Give a later one, or none.");
            });
            CubeGrant grant = new CubeGrant(name, cube, permission, now, end);
            writer.access().grant(row.key(), grant);
            return grant;
        });
    }

    boolean ungrant(String principal, CubeId cube) {
        return registry.writeRevoking((writer, before) -> writer.findCube(cube)
                .map(row -> writer.access().revokeGrant(principal, row.key()))
                .orElse(false));
    }

    /**
     * Returns the permission of a caller on a cube. The key and its principal count as they are now, not as they were
     * when the caller was authenticated.
     */
    Optional<Permission> permission(CallerIdentity identity, CubeId cube) {
        return registry.snapshot().permission(identity.key().id(), cube, clock.instant());
    }
}
