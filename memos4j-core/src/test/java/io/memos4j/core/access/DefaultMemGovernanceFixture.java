package io.memos4j.core.access;

import io.memos4j.api.CubeId;
import io.memos4j.api.access.CallerIdentity;
import io.memos4j.api.access.KeyRequest;
import io.memos4j.api.access.Permission;
import io.memos4j.spi.CubeRow;
import io.memos4j.spi.vault.Vault;
import io.memos4j.spi.vault.VaultProvider;
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
abstract class DefaultMemGovernanceFixture {
    static final Instant START = Instant.parse("2025-03-01T10:00:00Z");

    @TempDir
    Path directory;

    final MutableClock clock = new MutableClock(START);
    Vault vault;
    AuditTrail audit;
    DefaultMemGovernance governance;

    @BeforeEach
    void makePrincipals() {
        open();
        governance.create("acme", false);
        governance.create("zeta", false);
        governance.create("root", true);
    }

    void open() {
        vault = ServiceLoader.load(VaultProvider.class)
                .findFirst()
                .orElseThrow()
                .open(directory, Long.MAX_VALUE);
        AuditContext context = new AuditContext(clock);
        audit = new AuditTrail(
                vault, context, new AuditSigner(vault, new SigningKey(directory.resolve("audit.key")), clock));
        governance = new DefaultMemGovernance(new AuditedVault(vault, context), audit, clock, new SecureRandom());
    }

    @AfterEach
    void close() {
        governance.close();
        audit.close();
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

    CallerIdentity identity(KeyRequest request) {
        return governance.authenticate(governance.issue(request).secret()).orElseThrow();
    }

    Optional<Permission> permission(CallerIdentity identity, String cube) {
        return governance.permission(identity, CubeId.of(cube));
    }

    CubeRow makeCube(String name) {
        return vault.write(writer -> writer.createCube(CubeId.of(name), "", 0, clock.instant()));
    }

    void deleteCube(CubeRow cube) {
        governance.writeRevoking(writer -> {
            writer.deleteCube(cube.key());
            return true;
        });
    }
}
