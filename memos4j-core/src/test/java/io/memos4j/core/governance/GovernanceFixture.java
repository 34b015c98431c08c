package io.memos4j.core.governance;

import io.memos4j.api.CubeId;
import io.memos4j.api.Identity;
import io.memos4j.api.KeyRequest;
import io.memos4j.api.Permission;
import io.memos4j.spi.CubeRow;
import io.memos4j.spi.Vault;
import io.memos4j.spi.VaultProvider;
import io.memos4j.testkit.MutableClock;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.ServiceLoader;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;

/** Principals {@code acme}, {@code zeta} and, as administrator, {@code root}, under a clock that tests move. */
abstract class GovernanceFixture {
    static final Instant START = Instant.parse("2025-03-01T10:00:00Z");

    @TempDir
    Path directory;

    final MutableClock clock = new MutableClock(START);
    Vault vault;
    Governance governance;

    @BeforeEach
    void makePrincipals() {
        open();
        governance.create("acme", false);
        governance.create("zeta", false);
        governance.create("root", true);
    }

    void open() {
        vault = ServiceLoader.load(VaultProvider.class).stream()
                .map(ServiceLoader.Provider::get)
                .filter(provider -> provider.name().equals("sqlite"))
                .findFirst()
                .orElseThrow()
                .open(directory, Long.MAX_VALUE);
        governance = new Governance(vault, clock, new SecureRandom());
    }

    @AfterEach
    void close() {
        governance.close();
        vault.close();
    }

    void reopen() {
        close();
        open();
    }

    void later(Duration time) {
        clock.advance(time);
    }

    String secretOf(String principal) {
        return governance.issue(KeyRequest.of(principal)).secret();
    }

    Identity identity(KeyRequest request) {
        return governance.authenticate(governance.issue(request).secret()).orElseThrow();
    }

    Optional<Permission> permission(Identity identity, String cube) {
        return governance.permission(identity, CubeId.of(cube));
    }

    CubeRow makeCube(String name) {
        return vault.write(writer -> writer.createCube(CubeId.of(name), "", 0, clock.instant()));
    }

    void deleteCube(CubeRow cube) {
        governance.withdrawing(writer -> {
            writer.deleteCube(cube.key());
            return true;
        });
    }
}
