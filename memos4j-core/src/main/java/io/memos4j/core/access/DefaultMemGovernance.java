package io.memos4j.core.access;

import io.memos4j.api.CubeId;
import io.memos4j.api.ErrorCode;
import io.memos4j.api.MemoryException;
import io.memos4j.api.Page;
import io.memos4j.api.access.ApiKey;
import io.memos4j.api.access.AuditEntry;
import io.memos4j.api.access.AuditQuery;
import io.memos4j.api.access.CallerIdentity;
import io.memos4j.api.access.CubeGrant;
import io.memos4j.api.access.IssuedKey;
import io.memos4j.api.access.KeyRequest;
import io.memos4j.api.access.MemGovernance;
import io.memos4j.api.access.Permission;
import io.memos4j.api.access.Principal;
import io.memos4j.spi.vault.Vault;
import io.memos4j.spi.vault.VaultWriter;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;

/** Manages the principals, keys, grants and the audit log of an engine. Thread-safe. */
public final class DefaultMemGovernance implements MemGovernance, AutoCloseable {
    /** The first parts of cube names that belong to the owners in mem0's protocol. See decision 013. */
    private static final Set<String> RESERVED = Set.of("user", "agent", "app", "run");

    private final Vault vault;
    private final InstantSource clock;
    private final AccessRegistry registry;
    private final KeyUsageRecorder uses;
    private final ApiKeyManager keyManager;
    private final GrantManager access;

    /** Creates the service and reads the stored principals, keys and grants. */
    public DefaultMemGovernance(Vault vault, InstantSource clock, SecureRandom random) {
        this.vault = vault;
        this.clock = clock;
        this.registry = new AccessRegistry(vault);
        this.uses = new KeyUsageRecorder(vault, registry.snapshot().keys());
        this.keyManager = new ApiKeyManager(registry, uses, clock, random);
        this.access = new GrantManager(registry, clock);
    }

    @Override
    public Principal create(String name, boolean administrator) {
        Principal principal = new Principal(name, administrator, clock.instant());
        if (!administrator && RESERVED.contains(name)) {
            throw MemoryException.invalid("'" + name + "' cannot name a principal: the cubes '" + name
                    + "/…' are those of mem0's " + name + "s. Choose another name.");
        }
        return registry.writeGranting((writer, before) -> {
            if (before.principal(name).isPresent()) {
                throw new MemoryException(
                        ErrorCode.PRINCIPAL_EXISTS,
                        "Principal '" + name + "' already exists. Use it, or choose another name.");
            }
            writer.access().create(principal);
            return principal;
        });
    }

    @Override
    public List<Principal> principals() {
        return registry.snapshot().principals();
    }

    @Override
    public void remove(String name) {
        List<String> gone = registry.writeRevoking((writer, before) -> {
            before.requirePrincipal(name);
            writer.access().remove(name);
            return before.keys().stream()
                    .filter(key -> key.principal().equals(name))
                    .map(ApiKey::id)
                    .toList();
        });
        gone.forEach(uses::forget);
    }

    @Override
    public IssuedKey issue(KeyRequest request) {
        return keyManager.issue(request);
    }

    @Override
    public List<ApiKey> keys() {
        return keyManager.keys();
    }

    @Override
    public ApiKey revoke(String id) {
        return keyManager.revoke(id);
    }

    @Override
    public IssuedKey rotate(String id, Duration grace) {
        return keyManager.rotate(id, grace);
    }

    @Override
    public Optional<CallerIdentity> authenticate(String secret) {
        return keyManager.authenticate(secret);
    }

    @Override
    public CubeGrant grant(String principal, CubeId cube, Permission permission, Optional<Instant> expiresAt) {
        return access.grant(principal, cube, permission, expiresAt);
    }

    @Override
    public boolean revokeGrant(String principal, CubeId cube) {
        return access.ungrant(principal, cube);
    }

    @Override
    public List<CubeGrant> grantsTo(String principal) {
        return registry.snapshot().grantsTo(principal);
    }

    @Override
    public List<CubeGrant> grantsOn(CubeId cube) {
        return registry.snapshot().grantsOn(cube);
    }

    /** Makes a change that removes grants with what they are on, such as the deletion of a cube. */
    public <T> T writeRevoking(Function<VaultWriter, T> change) {
        return registry.writeRevoking((writer, before) -> change.apply(writer));
    }

    @Override
    public Optional<Permission> permission(CallerIdentity identity, CubeId cube) {
        return access.permission(identity, cube);
    }

    @Override
    public void record(AuditEntry entry) {
        vault.write(writer -> writer.access().record(entry));
    }

    @Override
    public Page<AuditEntry> audit(AuditQuery query) {
        return vault.read(reader -> reader.access().audit(query));
    }

    /** Writes the last uses of keys. */
    @Override
    public void close() {
        uses.close();
    }
}
