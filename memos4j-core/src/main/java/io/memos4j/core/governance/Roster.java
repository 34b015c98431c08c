package io.memos4j.core.governance;

import io.memos4j.api.ApiKey;
import io.memos4j.api.CubeId;
import io.memos4j.api.ErrorCode;
import io.memos4j.api.Grant;
import io.memos4j.api.Identity;
import io.memos4j.api.MemoryException;
import io.memos4j.api.Permission;
import io.memos4j.api.Principal;
import io.memos4j.spi.GovernanceReader;
import io.memos4j.spi.StoredKey;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;

/** All principals, keys and grants at one moment. Immutable. */
final class Roster {
    private final List<Principal> principals;
    private final List<StoredKey> keys;
    private final List<Grant> grants;
    private final Map<String, Principal> principalsByName;
    private final Map<String, StoredKey> keysById;
    private final Map<Place, Grant> grantsByPlace;

    private record Place(String principal, CubeId cube) {}

    private Roster(List<Principal> principals, List<StoredKey> keys, List<Grant> grants) {
        this.principals = List.copyOf(principals);
        this.keys = List.copyOf(keys);
        this.grants = List.copyOf(grants);
        this.principalsByName = by(principals, Principal::name);
        this.keysById = by(keys, each -> each.key().id());
        this.grantsByPlace = by(grants, each -> new Place(each.principal(), each.cube()));
    }

    private static <K, V> Map<K, V> by(List<V> values, Function<V, K> key) {
        Map<K, V> map = HashMap.newHashMap(values.size());
        values.forEach(value -> map.put(key.apply(value), value));
        return map;
    }

    static Roster of(GovernanceReader stored) {
        return new Roster(stored.principals(), stored.keys(), stored.grants());
    }

    /** By name. */
    List<Principal> principals() {
        return principals;
    }

    /** Oldest first. */
    List<ApiKey> keys() {
        return keys.stream().map(StoredKey::key).toList();
    }

    Optional<Principal> principal(String name) {
        return Optional.ofNullable(principalsByName.get(name));
    }

    /**
     * The principal of this name.
     *
     * @throws MemoryException with {@link ErrorCode#PRINCIPAL_NOT_FOUND}
     */
    Principal known(String name) {
        return principal(name)
                .orElseThrow(() -> new MemoryException(
                        ErrorCode.PRINCIPAL_NOT_FOUND, "There is no principal '" + name + "'. Make it first."));
    }

    Optional<StoredKey> key(String id) {
        return Optional.ofNullable(keysById.get(id));
    }

    /** Whose key this is, if it opens anything at this instant. */
    Optional<Identity> identity(String key, Instant now) {
        return key(key).filter(
                        stored -> stored.hash().length > 0 && stored.key().valid(now))
                .flatMap(stored ->
                        principal(stored.key().principal()).map(principal -> new Identity(principal, stored.key())));
    }

    /** What somebody with this key may do with a cube of this name, whether there is one or not; empty for nothing. */
    Optional<Permission> permission(String key, CubeId cube, Instant now) {
        return identity(key, now)
                .filter(held ->
                        held.key().cubes().isEmpty() || held.key().cubes().contains(cube))
                .flatMap(held -> permission(held.principal(), cube, now)
                        .map(permission -> permission.atMost(held.key().scope())));
    }

    private Optional<Permission> permission(Principal principal, CubeId cube, Instant now) {
        return principal.owns(cube)
                ? Optional.of(Permission.ADMIN)
                : grant(principal.name(), cube)
                        .filter(grant -> grant.valid(now))
                        .map(Grant::permission);
    }

    private Optional<Grant> grant(String principal, CubeId cube) {
        return Optional.ofNullable(grantsByPlace.get(new Place(principal, cube)));
    }

    /** To a principal, by cube. */
    List<Grant> grantsTo(String principal) {
        return grants.stream()
                .filter(grant -> grant.principal().equals(principal))
                .toList();
    }

    /** On a cube, by principal. */
    List<Grant> grantsOn(CubeId cube) {
        return grants.stream().filter(grant -> grant.cube().equals(cube)).toList();
    }
}
