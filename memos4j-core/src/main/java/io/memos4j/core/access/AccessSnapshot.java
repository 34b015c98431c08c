package io.memos4j.core.access;

import io.memos4j.api.CubeId;
import io.memos4j.api.ErrorCode;
import io.memos4j.api.MemoryException;
import io.memos4j.api.access.ApiKey;
import io.memos4j.api.access.CallerIdentity;
import io.memos4j.api.access.CubeGrant;
import io.memos4j.api.access.Permission;
import io.memos4j.api.access.Principal;
import io.memos4j.spi.access.AccessReader;
import io.memos4j.spi.access.StoredKey;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;

/** All principals, keys and grants at one instant. Immutable. */
final class AccessSnapshot {
    private final List<Principal> principals;
    private final List<StoredKey> keys;
    private final List<CubeGrant> grants;
    private final Map<String, Principal> principalsByName;
    private final Map<String, StoredKey> keysById;
    private final Map<GrantKey, CubeGrant> grantsByPlace;

    private record GrantKey(String principal, CubeId cube) {}

    private AccessSnapshot(List<Principal> principals, List<StoredKey> keys, List<CubeGrant> grants) {
        this.principals = List.copyOf(principals);
        this.keys = List.copyOf(keys);
        this.grants = List.copyOf(grants);
        this.principalsByName = by(principals, Principal::name);
        this.keysById = by(keys, each -> each.key().id());
        this.grantsByPlace = by(grants, each -> new GrantKey(each.principal(), each.cube()));
    }

    private static <K, V> Map<K, V> by(List<V> values, Function<V, K> key) {
        Map<K, V> map = HashMap.newHashMap(values.size());
        values.forEach(value -> map.put(key.apply(value), value));
        return map;
    }

    static AccessSnapshot of(AccessReader stored) {
        return new AccessSnapshot(stored.principals(), stored.keys(), stored.grants());
    }

    /** Returns the principals, by name. */
    List<Principal> principals() {
        return principals;
    }

    /** Returns the keys, oldest first. */
    List<ApiKey> keys() {
        return keys.stream().map(StoredKey::key).toList();
    }

    Optional<Principal> principal(String name) {
        return Optional.ofNullable(principalsByName.get(name));
    }

    /**
     * Returns the principal of a name.
     *
     * @throws MemoryException with {@link ErrorCode#PRINCIPAL_NOT_FOUND}
     */
    Principal requirePrincipal(String name) {
        return principal(name)
                .orElseThrow(() -> new MemoryException(
                        ErrorCode.PRINCIPAL_NOT_FOUND, "There is no principal '" + name + "'. Create it first."));
    }

    Optional<StoredKey> key(String id) {
        return Optional.ofNullable(keysById.get(id));
    }

    /** Returns the identity that a key proves at an instant; empty if the key is unknown or no longer valid. */
    Optional<CallerIdentity> identity(String key, Instant now) {
        return key(key).filter(
                        stored -> stored.hash().length > 0 && stored.key().isValidAt(now))
                .flatMap(stored -> principal(stored.key().principal())
                        .map(principal -> new CallerIdentity(principal, stored.key())));
    }

    /** Returns the permission of a key on a cube of this name, existing or not; empty for none. */
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
                        .filter(grant -> grant.isValidAt(now))
                        .map(CubeGrant::permission);
    }

    private Optional<CubeGrant> grant(String principal, CubeId cube) {
        return Optional.ofNullable(grantsByPlace.get(new GrantKey(principal, cube)));
    }

    /** Returns the grants to a principal, by cube. */
    List<CubeGrant> grantsTo(String principal) {
        return grants.stream()
                .filter(grant -> grant.principal().equals(principal))
                .toList();
    }

    /** Returns the grants on a cube, by principal. */
    List<CubeGrant> grantsOn(CubeId cube) {
        return grants.stream().filter(grant -> grant.cube().equals(cube)).toList();
    }
}
