package io.memos4j.core.governance;

import io.memos4j.api.CubeId;
import io.memos4j.api.ErrorCode;
import io.memos4j.api.Grant;
import io.memos4j.api.Identity;
import io.memos4j.api.MemoryException;
import io.memos4j.api.Permission;
import io.memos4j.api.Principal;
import io.memos4j.spi.CubeRow;
import io.memos4j.spi.VaultReader;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Optional;

/** Who may use which cube: its owner, administrators, and whom it was granted to. Thread-safe. */
final class Access {
    private final Register register;
    private final InstantSource clock;

    Access(Register register, InstantSource clock) {
        this.register = register;
        this.clock = clock;
    }

    Grant grant(String name, CubeId cube, Permission permission, Optional<Instant> expiresAt) {
        return register.give((writer, before) -> {
            Principal principal = before.known(name);
            CubeRow row = existing(writer, cube);
            Instant now = clock.instant();
            if (principal.owns(cube)) {
                throw MemoryException.invalid("Principal '" + name + "' owns cube '" + cube + "' and needs no grant.");
            }
            Optional<Instant> end = expiresAt.map(Expiry::at);
            end.filter(at -> !at.isAfter(now)).ifPresent(at -> {
                throw MemoryException.invalid(
                        "The end of the grant, " + at + ", has passed. Give a later one, or none.");
            });
            Grant grant = new Grant(name, cube, permission, now, end);
            writer.governance().grant(row.key(), grant);
            return grant;
        });
    }

    boolean ungrant(String principal, CubeId cube) {
        return register.take((writer, before) -> writer.findCube(cube)
                .map(row -> writer.governance().ungrant(principal, row.key()))
                .orElse(false));
    }

    private static CubeRow existing(VaultReader reader, CubeId cube) {
        return reader.findCube(cube)
                .orElseThrow(() -> new MemoryException(ErrorCode.CUBE_NOT_FOUND, "There is no cube '" + cube + "'."));
    }

    /** What was true when the identity was proven may be so no longer: the key and its principal count as they are now. */
    Optional<Permission> permission(Identity identity, CubeId cube) {
        return register.now().permission(identity.key().id(), cube, clock.instant());
    }
}
