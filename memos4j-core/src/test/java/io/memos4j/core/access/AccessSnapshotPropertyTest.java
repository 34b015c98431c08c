package io.memos4j.core.access;

import io.memos4j.api.CubeId;
import io.memos4j.api.access.ApiKey;
import io.memos4j.api.access.CubeGrant;
import io.memos4j.api.access.Permission;
import io.memos4j.api.access.Principal;
import io.memos4j.spi.access.AccessReader;
import io.memos4j.spi.access.StoredKey;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.Tuple;

import static org.assertj.core.api.Assertions.assertThat;

/** Laws of what a key allows. */
class AccessSnapshotPropertyTest {
    private static final Instant NOW = Instant.parse("2025-03-01T10:00:00Z");
    private static final List<String> CUBES = List.of("acme/a", "acme/b", "zeta/a", "acmeX/a", "plain");

    private record World(Principal principal, ApiKey key, boolean hashed, List<CubeGrant> grants)
            implements AccessReader {
        @Override
        public List<Principal> principals() {
            return List.of(principal);
        }

        @Override
        public List<StoredKey> keys() {
            return List.of(new StoredKey(key, new byte[hashed ? 32 : 0]));
        }

        Optional<Permission> permission(CubeId cube) {
            return AccessSnapshot.of(this).permission(key.id(), cube, NOW);
        }

        World scope(Permission scope) {
            ApiKey other = new ApiKey(
                    key.id(),
                    key.principal(),
                    "",
                    scope,
                    key.cubes(),
                    NOW,
                    key.expiresAt(),
                    key.revokedAt(),
                    Optional.empty());
            return new World(principal, other, hashed, grants);
        }

        World granted(CubeGrant grant) {
            List<CubeGrant> more = new ArrayList<>(grants);
            more.removeIf(each -> each.cube().equals(grant.cube()));
            more.add(grant);
            return new World(principal, key, hashed, more);
        }
    }

    @Provide
    Arbitrary<CubeId> cubes() {
        return Arbitraries.of(CUBES).map(CubeId::of);
    }

    private static Arbitrary<Optional<Instant>> ends() {
        return Arbitraries.of(
                Optional.empty(), Optional.of(NOW.minusMillis(1)), Optional.of(NOW), Optional.of(NOW.plusMillis(1)));
    }

    @Provide
    Arbitrary<CubeGrant> grants() {
        return Combinators.combine(cubes(), Arbitraries.of(Permission.class), ends())
                .as((cube, permission, end) -> new CubeGrant("acme", cube, permission, NOW, end));
    }

    @Provide
    Arbitrary<World> worlds() {
        Arbitrary<ApiKey> keys = Combinators.combine(
                        Arbitraries.of(Permission.class), cubes().set().ofMaxSize(2), ends(), ends())
                .as((scope, cubes, expiry, revocation) -> new ApiKey(
                        "id", "acme", "", scope, Set.copyOf(cubes), NOW, expiry, revocation, Optional.empty()));
        Arbitrary<Boolean> mostly = Arbitraries.frequency(Tuple.of(9, true), Tuple.of(1, false));
        return Combinators.combine(
                        Arbitraries.of(true, false),
                        keys,
                        mostly,
                        grants().list().uniqueElements(CubeGrant::cube).ofMaxSize(4))
                .as((administrator, key, hashed, grants) ->
                        new World(new Principal("acme", administrator, NOW), key, hashed, grants));
    }

    @Property
    void aKeyAllowsWhatIsOwnedOrGrantedUpToItsScopeAndNothingElse(
            @ForAll("worlds") World world, @ForAll("cubes") CubeId cube) {
        boolean open = world.hashed
                && world.key.isValidAt(NOW)
                && (world.key.cubes().isEmpty() || world.key.cubes().contains(cube));
        boolean owned = world.principal.administrator() || cube.value().startsWith("acme/");
        Optional<Permission> had = owned
                ? Optional.of(Permission.ADMIN)
                : world.grants.stream()
                        .filter(grant -> grant.cube().equals(cube)
                                && grant.expiresAt().map(NOW::isBefore).orElse(true))
                        .map(CubeGrant::permission)
                        .findFirst();
        assertThat(world.permission(cube))
                .isEqualTo(open ? had.map(each -> each.atMost(world.key.scope())) : Optional.empty());
    }

    @Property
    void aNarrowerScopeNeverAllowsMore(
            @ForAll("worlds") World world,
            @ForAll("cubes") CubeId cube,
            @ForAll Permission one,
            @ForAll Permission two) {
        Permission narrow = one.atMost(two);
        Permission wide = narrow == one ? two : one;
        Optional<Permission> less = world.scope(narrow).permission(cube);
        Optional<Permission> more = world.scope(wide).permission(cube);
        assertThat(less.isPresent()).isEqualTo(more.isPresent());
        less.ifPresent(each -> assertThat(more.orElseThrow().includes(each)).isTrue());
    }

    @Property
    void aGrantChangesNothingButItsOwnCube(
            @ForAll("worlds") World world, @ForAll("cubes") CubeId cube, @ForAll("grants") CubeGrant grant) {
        if (!grant.cube().equals(cube)) {
            assertThat(world.granted(grant).permission(cube)).isEqualTo(world.permission(cube));
        }
    }

    @Property
    void aKeyThatIsNotThereAllowsNothing(@ForAll("worlds") World world, @ForAll("cubes") CubeId cube) {
        assertThat(AccessSnapshot.of(world).permission("other", cube, NOW)).isEmpty();
    }
}
