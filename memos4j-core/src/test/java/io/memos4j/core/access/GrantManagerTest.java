package io.memos4j.core.access;

import io.memos4j.api.CubeId;
import io.memos4j.api.ErrorCode;
import io.memos4j.api.access.CallerIdentity;
import io.memos4j.api.access.CubeGrant;
import io.memos4j.api.access.KeyRequest;
import io.memos4j.api.access.Permission;
import io.memos4j.spi.CubeRow;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import static io.memos4j.testkit.FailureAssertions.refused;
import static org.assertj.core.api.Assertions.assertThat;

/** Who may use which cube. */
class GrantManagerTest extends DefaultMemGovernanceFixture {
    private static final Duration HOUR = Duration.ofHours(1);
    private static final CubeId SHARED = CubeId.of("zeta/shared");

    private CubeRow shared;
    private CallerIdentity acme;

    @BeforeEach
    void makeACubeOfSomebodyElse() {
        shared = makeCube(SHARED.value());
        acme = identity(KeyRequest.of("acme"));
    }

    private CubeGrant grant(Permission permission) {
        return governance.grant("acme", SHARED, permission, Optional.empty());
    }

    @Test
    void everybodyOwnsTheOwnSpaceWhetherACubeIsThereOrNot() {
        makeCube("acme/there");
        assertThat(permission(acme, "acme/there")).contains(Permission.ADMIN);
        assertThat(permission(acme, "acme/not there")).contains(Permission.ADMIN);
    }

    @Test
    void aForeignCubeCannotBeToldFromAMissingOne() {
        makeCube("engine cube");
        for (String name : new String[] {
            "zeta/shared",
            "zeta/missing",
            "engine cube",
            "missing",
            "acme",
            "acmeX/a",
            "Acme/a",
            "acme /a",
            "acm/a",
            "/a"
        }) {
            assertThat(permission(acme, name)).as(name).isEmpty();
        }
    }

    @Test
    void anAdministratorMayDoEverything() {
        CallerIdentity root = identity(KeyRequest.of("root"));
        for (String name : new String[] {"zeta/shared", "root/a", "anything", "zeta/missing"}) {
            assertThat(permission(root, name)).contains(Permission.ADMIN);
        }
    }

    @Test
    void aGrantOpensACubeUntilItEndsOrIsTakenBack() {
        for (Permission each : Permission.values()) {
            grant(each);
            assertThat(permission(acme, "zeta/shared")).contains(each);
        }
        governance.grant("acme", SHARED, Permission.READ, Optional.of(START.plus(HOUR)));
        later(HOUR.minusMillis(1));
        assertThat(permission(acme, "zeta/shared")).contains(Permission.READ);
        later(Duration.ofMillis(1));
        assertThat(permission(acme, "zeta/shared")).isEmpty();
        grant(Permission.WRITE);
        assertThat(permission(acme, "zeta/shared")).contains(Permission.WRITE);
        assertThat(governance.revokeGrant("acme", SHARED)).isTrue();
        assertThat(permission(acme, "zeta/shared")).isEmpty();
        assertThat(governance.revokeGrant("acme", SHARED)).isFalse();
        assertThat(governance.revokeGrant("acme", CubeId.of("missing"))).isFalse();
    }

    @Test
    void aGrantIsForOnePrincipalAndOneCube() {
        grant(Permission.ADMIN);
        makeCube("zeta/other");
        governance.create("third", false);
        assertThat(permission(acme, "zeta/other")).isEmpty();
        assertThat(permission(identity(KeyRequest.of("third")), "zeta/shared")).isEmpty();
    }

    @Test
    void grantsAreListedByPrincipalAndByCube() {
        makeCube("zeta/other");
        governance.create("third", false);
        CubeGrant first = grant(Permission.READ);
        CubeGrant second = governance.grant("acme", CubeId.of("zeta/other"), Permission.WRITE, Optional.empty());
        CubeGrant third = governance.grant("third", SHARED, Permission.ADMIN, Optional.of(START.plus(HOUR)));
        assertThat(governance.grantsTo("acme")).containsExactly(second, first);
        assertThat(governance.grantsOn(SHARED)).containsExactly(first, third);
        governance.remove("acme");
        assertThat(governance.grantsTo("acme")).isEmpty();
        assertThat(governance.grantsOn(SHARED)).containsExactly(third);
    }

    @Test
    void aGrantNeedsAPrincipalACubeAndATimeToCome() {
        refused(
                ErrorCode.PRINCIPAL_NOT_FOUND,
                () -> governance.grant("nobody", SHARED, Permission.READ, Optional.empty()));
        refused(
                ErrorCode.CUBE_NOT_FOUND,
                () -> governance.grant("acme", CubeId.of("zeta/missing"), Permission.READ, Optional.empty()));
        refused(ErrorCode.INVALID_ARGUMENT, () -> governance.grant("zeta", SHARED, Permission.READ, Optional.empty()));
        refused(
                ErrorCode.INVALID_ARGUMENT,
                () -> governance.grant("acme", SHARED, Permission.READ, Optional.of(START)));
        refused(
                ErrorCode.INVALID_ARGUMENT,
                () -> governance.grant("acme", SHARED, Permission.READ, Optional.of(Instant.MAX)));
        assertThat(permission(acme, "zeta/shared")).isEmpty();
    }

    @Test
    void aKeyAllowsNoMoreThanItsScope() {
        grant(Permission.WRITE);
        CallerIdentity reader = identity(KeyRequest.of("acme").scope(Permission.READ));
        assertThat(permission(reader, "acme/a")).contains(Permission.READ);
        assertThat(permission(reader, "zeta/shared")).contains(Permission.READ);
        CallerIdentity writer = identity(KeyRequest.of("acme").scope(Permission.WRITE));
        assertThat(permission(writer, "acme/a")).contains(Permission.WRITE);
        CallerIdentity root = identity(KeyRequest.of("root").scope(Permission.READ));
        assertThat(permission(root, "zeta/shared")).contains(Permission.READ);
        assertThat(permission(acme, "zeta/shared")).contains(Permission.WRITE);
    }

    @Test
    void aKeyWithCubesOpensTheseOnly() {
        grant(Permission.READ);
        CallerIdentity limited =
                identity(KeyRequest.of("acme").only(Set.of(CubeId.of("acme/a"), CubeId.of("zeta/none"))));
        assertThat(permission(limited, "acme/a")).contains(Permission.ADMIN);
        assertThat(permission(limited, "acme/b")).isEmpty();
        assertThat(permission(limited, "zeta/shared")).isEmpty();
        assertThat(permission(limited, "zeta/none"))
                .as("named, but not granted")
                .isEmpty();
        CallerIdentity root = identity(KeyRequest.of("root").only(Set.of(SHARED)));
        assertThat(permission(root, "zeta/shared")).contains(Permission.ADMIN);
        assertThat(permission(root, "root/a")).isEmpty();
    }

    @Test
    void anIdentityIsWorthNoMoreThanItsKeyIsNow() {
        CallerIdentity brief = identity(KeyRequest.of("acme").expiring(HOUR));
        assertThat(permission(brief, "acme/a")).isPresent();
        later(HOUR);
        assertThat(permission(brief, "acme/a")).isEmpty();
        governance.revoke(acme.key().id());
        assertThat(permission(acme, "acme/a")).isEmpty();
    }

    @Test
    void aCubeThatIsMadeAgainHasNoneOfTheFormerGrants() {
        grant(Permission.ADMIN);
        deleteCube(shared);
        assertThat(permission(acme, "zeta/shared")).isEmpty();
        assertThat(governance.grantsOn(SHARED)).isEmpty();
        shared = makeCube(SHARED.value());
        assertThat(permission(acme, "zeta/shared")).isEmpty();
        reopen();
        assertThat(governance.grantsTo("acme")).isEmpty();
        assertThat(permission(acme, "zeta/shared")).isEmpty();
    }
}
