package io.memos4j.core.access;

import io.memos4j.api.CubeId;
import io.memos4j.api.ErrorCode;
import io.memos4j.api.MemoryException;
import io.memos4j.api.access.ApiKey;
import io.memos4j.api.access.KeyRequest;
import io.memos4j.api.access.Permission;
import io.memos4j.spi.access.StoredKey;
import io.memos4j.testkit.vault.FaultyVault;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Whatever fails, what is held in memory is what is stored; and once the process is gone, nothing that was taken away
 * holds.
 */
class AccessRegistrySimulationTest extends DefaultMemGovernanceFixture {
    private static final int STEPS = 60;

    @Test
    void theRosterIsThatOfTheVaultAfterEveryFailure() {
        makeCube("shared");
        for (long seed = 1; seed <= 15; seed++) {
            run(seed);
        }
    }

    private void run(long seed) {
        Random random = new Random(seed);
        FaultyVault faulty = new FaultyVault(vault, random, 0.3);
        try (DefaultMemGovernance under = new DefaultMemGovernance(faulty, audit, clock, new SecureRandom())) {
            Set<String> revoked = new HashSet<>();
            for (int step = 0; step < STEPS && !faulty.crashed(); step++) {
                later(Duration.ofSeconds(1));
                try {
                    step(under, random, revoked);
                } catch (MemoryException e) {
                    assertThat(e.code()).isIn(ErrorCode.TIMEOUT, ErrorCode.CLOSED, ErrorCode.KEY_NOT_FOUND);
                }
                if (!faulty.crashed()) {
                    assertThat(under.principals()).isEqualTo(stored());
                    assertThat(under.keys()).as("seed %d, step %d", seed, step).isEqualTo(storedKeys());
                    assertThat(under.grantsTo("acme"))
                            .isEqualTo(vault.read(reader -> reader.access().grants()));
                }
                assertThat(under.keys().stream()
                                .filter(key -> revoked.contains(key.id()))
                                .filter(key -> key.isValidAt(clock.instant())))
                        .isEmpty();
            }
        }
    }

    private void step(DefaultMemGovernance under, Random random, Set<String> revoked) {
        CubeId cube = CubeId.of("shared");
        List<ApiKey> keys = under.keys();
        switch (random.nextInt(5)) {
            case 0 -> under.issue(KeyRequest.of(random.nextBoolean() ? "acme" : "zeta"));
            case 1 -> under.grant("acme", cube, Permission.values()[random.nextInt(3)], Optional.empty());
            case 2 -> under.revokeGrant("acme", cube);
            case 3 -> {
                if (!keys.isEmpty()) {
                    String id = keys.get(random.nextInt(keys.size())).id();
                    under.revoke(id);
                    revoked.add(id);
                }
            }
            default -> {
                if (!keys.isEmpty()) {
                    under.rotate(keys.get(random.nextInt(keys.size())).id(), Duration.ofSeconds(random.nextInt(5)));
                }
            }
        }
    }

    private List<?> stored() {
        return vault.read(reader -> reader.access().principals());
    }

    private List<ApiKey> storedKeys() {
        return vault.read(
                reader -> reader.access().keys().stream().map(StoredKey::key).toList());
    }
}
