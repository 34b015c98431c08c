package io.memos4j.core.access;

import io.memos4j.api.CubeId;
import io.memos4j.api.ErrorCode;
import io.memos4j.api.access.ApiKey;
import io.memos4j.api.access.CallerIdentity;
import io.memos4j.api.access.CubeGrant;
import io.memos4j.api.access.IssuedKey;
import io.memos4j.api.access.KeyRequest;
import io.memos4j.api.access.Permission;
import io.memos4j.api.access.Principal;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import static io.memos4j.testkit.FailureAssertions.refused;
import static org.assertj.core.api.Assertions.assertThat;

/** Which keys open, from when, and until when. */
class ApiKeyManagerTest extends DefaultMemGovernanceFixture {
    private static final Duration HOUR = Duration.ofHours(1);

    private static final KeyRequest ACME = KeyRequest.of("acme");

    private boolean opens(String secret) {
        return governance.authenticate(secret).isPresent();
    }

    private ApiKey key(String id) {
        return governance.keys().stream()
                .filter(key -> key.id().equals(id))
                .findFirst()
                .orElseThrow();
    }

    @Test
    void aSecretProvesWhoseItIs() {
        IssuedKey issued = governance.issue(ACME.labeled("laptop").scope(Permission.WRITE));
        assertThat(issued.secret())
                .matches("m4j_[a-z2-7]{12}_[A-Za-z0-9_-]{43}")
                .contains(issued.key().id());
        CallerIdentity identity = governance.authenticate(issued.secret()).orElseThrow();
        assertThat(identity.principal()).isEqualTo(new Principal("acme", false, START));
        assertThat(identity.key()).isEqualTo(issued.key());
        assertThat(identity.actor()).isEqualTo("key:" + issued.key().id());
        assertThat(issued.toString()).doesNotContain(issued.secret().substring(17));
    }

    @Test
    void noTwoKeysAreAlike() {
        Set<String> ids = new HashSet<>();
        Set<String> secrets = new HashSet<>();
        for (int i = 0; i < 200; i++) {
            IssuedKey issued = governance.issue(ACME);
            ids.add(issued.key().id());
            secrets.add(issued.secret().substring(17));
        }
        assertThat(ids).hasSize(200);
        assertThat(secrets).hasSize(200);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "m4j",
                "m4j_",
                "m4j__",
                "m4j_abcdefghijkl_",
                "Bearer m4j_abcdefghijkl_0123456789012345678901234567890123456789012",
                "m4j_abcdefghijkl_0123456789012345678901234567890123456789012",
                "m4j_ABCDEFGHIJKL_0123456789012345678901234567890123456789012",
                "m4j_abcdefghijk1_0123456789012345678901234567890123456789012",
                "m4j_abcdefghijkl_01234567890123456789012345678901234567890=2",
                "m4j_abcdefghijkl_\uD83D\uDE00\uD83D\uDE00\uD83D\uDE00\uD83D\uDE00\uD83D\uDE00\uD83D\uDE00\uD83D\uDE00"
                        + "\uD83D\uDE00\uD83D\uDE00\uD83D\uDE00\uD83D\uDE00\uD83D\uDE00\uD83D\uDE00\uD83D\uDE00"
                        + "\uD83D\uDE00\uD83D\uDE00\uD83D\uDE00\uD83D\uDE00\uD83D\uDE00\uD83D\uDE00\uD83D\uDE00x",
                "\u0000\n\r\uD800",
                "' OR 1=1 --"
            })
    void whatIsNoSecretOpensNothing(String hostile) {
        governance.issue(ACME);
        assertThat(opens(hostile)).isFalse();
    }

    @Test
    void oneWrongCharacterAnywhereOrAVeryLongTextOpensNothing() {
        String secret = secretOf("acme");
        for (int i = 0; i < secret.length(); i++) {
            char other = secret.charAt(i) == 'a' ? 'b' : 'a';
            assertThat(opens(secret.substring(0, i) + other + secret.substring(i + 1)))
                    .as("character %d", i)
                    .isFalse();
        }
        assertThat(opens(secret + "a")).isFalse();
        assertThat(opens(secret + "\n")).isFalse();
        assertThat(opens(" " + secret)).isFalse();
        assertThat(opens(secret.toUpperCase(Locale.ROOT))).isFalse();
        assertThat(opens("m4j_".repeat(5_000_000))).isFalse();
        assertThat(opens(secret)).isTrue();
    }

    @Test
    void theSecretOfOneKeyDoesNotFitAnother() {
        String one = secretOf("acme");
        String other = secretOf("root");
        assertThat(opens(other.substring(0, 17) + one.substring(17))).isFalse();
    }

    @Test
    void aKeyOpensUntilItExpires() {
        IssuedKey issued = governance.issue(ACME.expiring(HOUR));
        assertThat(issued.key().expiresAt()).contains(START.plus(HOUR));
        later(HOUR.minusMillis(1));
        assertThat(opens(issued.secret())).isTrue();
        later(Duration.ofMillis(1));
        assertThat(opens(issued.secret())).isFalse();
    }

    @Test
    void aRevokedKeyOpensNothingEvenIfTheClockIsSetBack() {
        IssuedKey issued = governance.issue(ACME);
        later(HOUR);
        ApiKey revoked = governance.revoke(issued.key().id());
        assertThat(revoked.revokedAt()).contains(START.plus(HOUR));
        assertThat(opens(issued.secret())).isFalse();
        later(HOUR);
        assertThat(governance.revoke(issued.key().id())).isEqualTo(revoked);
        clock.advance(HOUR.multipliedBy(-5));
        assertThat(opens(issued.secret())).isFalse();
        reopen();
        assertThat(opens(issued.secret())).isFalse();
        assertThat(key(issued.key().id())).isEqualTo(revoked);
    }

    @Test
    void aRotatedKeyGoesOnForItsGraceAndTheNewOneIsLikeIt() {
        IssuedKey old = governance.issue(new KeyRequest(
                "acme", "laptop", Permission.READ, Set.of(CubeId.of("acme/a")), Optional.of(HOUR.multipliedBy(9))));
        later(HOUR);
        IssuedKey fresh = governance.rotate(old.key().id(), HOUR);
        assertThat(fresh.key())
                .usingRecursiveComparison()
                .ignoringFields("id", "createdAt", "expiresAt")
                .isEqualTo(old.key());
        assertThat(fresh.key().expiresAt()).contains(START.plus(HOUR.multipliedBy(10)));
        later(HOUR.minusMillis(1));
        assertThat(opens(old.secret())).isTrue();
        assertThat(opens(fresh.secret())).isTrue();
        later(Duration.ofMillis(1));
        assertThat(opens(old.secret())).isFalse();
        assertThat(opens(fresh.secret())).isTrue();
        refused(ErrorCode.KEY_NOT_FOUND, () -> governance.rotate(old.key().id(), HOUR));
    }

    @Test
    void withoutGraceTheOldKeyEndsAtOnce() {
        IssuedKey old = governance.issue(ACME);
        IssuedKey fresh = governance.rotate(old.key().id(), Duration.ZERO);
        assertThat(opens(old.secret())).isFalse();
        assertThat(opens(fresh.secret())).isTrue();
    }

    @Test
    void aSecondRotationNeverLengthensTheGraceAndRevokingEndsIt() {
        IssuedKey old = governance.issue(ACME);
        governance.rotate(old.key().id(), HOUR);
        governance.rotate(old.key().id(), HOUR.multipliedBy(9));
        assertThat(key(old.key().id()).revokedAt()).contains(START.plus(HOUR));
        assertThat(opens(old.secret())).isTrue();
        governance.revoke(old.key().id());
        assertThat(opens(old.secret())).isFalse();
    }

    @Test
    void whatIsUnknownOrOutOfBoundsIsRefused() {
        IssuedKey issued = governance.issue(ACME);
        String id = issued.key().id();
        refused(ErrorCode.PRINCIPAL_NOT_FOUND, () -> governance.issue(KeyRequest.of("nobody")));
        refused(ErrorCode.KEY_NOT_FOUND, () -> governance.revoke("nothing"));
        refused(ErrorCode.KEY_NOT_FOUND, () -> governance.rotate("nothing", HOUR));
        refused(ErrorCode.INVALID_ARGUMENT, () -> governance.rotate(id, HOUR.negated()));
        for (Duration tooLong : List.of(Duration.ofSeconds(Long.MAX_VALUE), Duration.ofDays(4_000_000))) {
            refused(ErrorCode.INVALID_ARGUMENT, () -> governance.rotate(id, tooLong));
            refused(ErrorCode.INVALID_ARGUMENT, () -> governance.issue(ACME.expiring(tooLong)));
        }
        assertThat(governance.keys()).containsExactly(issued.key());
        assertThat(opens(issued.secret())).isTrue();
    }

    @Test
    void aNameIsTakenOnceAndAnUnknownOneCannotBeRemoved() {
        refused(ErrorCode.PRINCIPAL_EXISTS, () -> governance.create("acme", true));
        refused(ErrorCode.PRINCIPAL_NOT_FOUND, () -> governance.remove("nobody"));
        refused(ErrorCode.INVALID_ARGUMENT, () -> governance.create("Acme", false));
        assertThat(governance.principals()).extracting(Principal::name).containsExactly("acme", "root", "zeta");
        assertThat(governance.principals()).extracting(Principal::administrator).containsExactly(false, true, false);
    }

    @Test
    void aRemovedPrincipalTakesItsKeysAlongAndItsSuccessorOfTheNameHasNone() {
        String secret = secretOf("acme");
        String other = secretOf("zeta");
        CallerIdentity identity = governance.authenticate(secret).orElseThrow();
        governance.remove("acme");
        assertThat(opens(secret)).isFalse();
        assertThat(permission(identity, "acme/a")).isEmpty();
        governance.create("acme", true);
        assertThat(opens(secret)).isFalse();
        assertThat(permission(identity, "acme/a")).isEmpty();
        assertThat(governance.keys()).extracting(ApiKey::principal).containsExactly("zeta");
        assertThat(opens(other)).isTrue();
    }

    @Test
    void aRestartKeepsEverything() {
        makeCube("zeta/shared");
        IssuedKey issued = governance.issue(ACME.labeled("ü").only(Set.of(CubeId.of("zeta/shared"))));
        governance.grant("acme", CubeId.of("zeta/shared"), Permission.READ, Optional.of(START.plus(HOUR)));
        CallerIdentity identity = governance.authenticate(issued.secret()).orElseThrow();
        List<Principal> principals = governance.principals();
        List<ApiKey> keys = governance.keys();
        List<CubeGrant> grants = governance.grantsTo("acme");
        reopen();
        assertThat(governance.principals()).isEqualTo(principals);
        assertThat(governance.keys()).isEqualTo(keys);
        assertThat(governance.grantsTo("acme")).isEqualTo(grants).hasSize(1);
        assertThat(opens(issued.secret())).isTrue();
        assertThat(permission(identity, "zeta/shared")).contains(Permission.READ);
    }

    @Test
    void theLastUseIsNotedOnceAMinuteAndOutlivesTheProcess() {
        IssuedKey issued = governance.issue(ACME);
        String id = issued.key().id();
        assertThat(key(id).lastUsedAt()).isEmpty();
        opens("m4j_" + id + "_" + "a".repeat(43));
        assertThat(key(id).lastUsedAt()).isEmpty();
        assertThat(opens(issued.secret())).isTrue();
        assertThat(key(id).lastUsedAt()).contains(START);
        later(Duration.ofSeconds(59));
        assertThat(opens(issued.secret())).isTrue();
        assertThat(key(id).lastUsedAt()).contains(START);
        later(Duration.ofSeconds(1));
        assertThat(opens(issued.secret())).isTrue();
        Instant minute = START.plus(Duration.ofMinutes(1));
        assertThat(key(id).lastUsedAt()).contains(minute);
        reopen();
        assertThat(key(id).lastUsedAt()).contains(minute);
    }

    @Test
    void aRevocationHoldsForEveryCallThatBeginsAfterIt() throws Exception {
        for (int round = 0; round < 20; round++) {
            IssuedKey issued = governance.issue(ACME);
            AtomicBoolean revoked = new AtomicBoolean();
            CountDownLatch started = new CountDownLatch(4);
            List<Future<Boolean>> doors = new ArrayList<>();
            try (ExecutorService callers = Executors.newFixedThreadPool(4)) {
                for (int i = 0; i < 4; i++) {
                    doors.add(callers.submit(() -> {
                        started.countDown();
                        boolean before = false;
                        while (!before) {
                            before = revoked.get();
                            if (opens(issued.secret()) && before) {
                                return false;
                            }
                        }
                        return true;
                    }));
                }
                started.await();
                governance.revoke(issued.key().id());
                revoked.set(true);
            }
            for (Future<Boolean> door : doors) {
                assertThat(door.get()).as("shut").isTrue();
            }
        }
    }

    @Test
    void changesFromManyThreadsAllHold() throws Exception {
        List<Future<IssuedKey>> issued = new ArrayList<>();
        try (ExecutorService callers = Executors.newFixedThreadPool(8)) {
            for (int i = 0; i < 64; i++) {
                boolean rotated = i % 2 == 0;
                issued.add(callers.submit(() -> {
                    IssuedKey key = governance.issue(ACME);
                    return rotated ? governance.rotate(key.key().id(), Duration.ZERO) : key;
                }));
            }
        }
        for (Future<IssuedKey> each : issued) {
            assertThat(opens(each.get().secret())).isTrue();
        }
        assertThat(governance.keys()).hasSize(96);
        assertThat(governance.keys().stream().filter(key -> key.isValidAt(clock.instant())))
                .hasSize(64);
    }
}
