package io.memos4j.core.access;

import io.memos4j.api.CubeId;
import io.memos4j.api.ErrorCode;
import io.memos4j.api.MemoryException;
import io.memos4j.api.Page;
import io.memos4j.api.access.ApiKey;
import io.memos4j.api.access.AuditEntry;
import io.memos4j.api.access.AuditQuery;
import io.memos4j.api.access.AuditQuery.AuditFilter;
import io.memos4j.api.access.AuditRecord;
import io.memos4j.api.access.AuditVerification;
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
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.Function;

/** Manages the principals, keys, grants and the audit log of an engine. Thread-safe. */
public final class DefaultMemGovernance implements MemGovernance, AutoCloseable {
    /** The first parts of cube names that belong to the owners in mem0's protocol. See decision 013. */
    private static final Set<String> RESERVED = Set.of("user", "agent", "app", "run");

    private final AuditTrail audit;
    private final InstantSource clock;
    private final AccessRegistry registry;
    private final KeyUsageRecorder uses;
    private final ApiKeyManager keyManager;
    private final GrantManager access;

    /**
     * Creates the service and reads the stored principals, keys and grants.
     *
     * @param audit of the same vault
     */
    public DefaultMemGovernance(Vault vault, AuditTrail audit, InstantSource clock, SecureRandom random) {
        this.audit = audit;
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
        return audit.change(
                "create principal",
                name,
                () -> registry.writeGranting((writer, before) -> {
                    if (before.principal(name).isPresent()) {
                        throw new MemoryException(
                                ErrorCode.PRINCIPAL_EXISTS,
                                "Principal '" + name + "' already exists. Use it, or choose another name.");
                    }
                    writer.access().create(principal);
                    return principal;
                }));
    }

    @Override
    public List<Principal> principals() {
        return registry.snapshot().principals();
    }

    @Override
    public void remove(String name) {
        List<String> gone = audit.change(
                "remove principal",
                name,
                () -> registry.writeRevoking((writer, before) -> {
                    before.requirePrincipal(name);
                    writer.access().remove(name);
                    return before.keys().stream()
                            .filter(key -> key.principal().equals(name))
                            .map(ApiKey::id)
                            .toList();
                }));
        gone.forEach(uses::forget);
    }

    @Override
    public IssuedKey issue(KeyRequest request) {
        return audit.change("issue key", request.principal(), () -> keyManager.issue(request, audit.target()));
    }

    @Override
    public List<ApiKey> keys() {
        return keyManager.keys();
    }

    @Override
    public ApiKey revoke(String id) {
        return audit.change("revoke key", id, () -> keyManager.revoke(id));
    }

    @Override
    public IssuedKey rotate(String id, Duration grace) {
        return audit.change("rotate key", id, () -> keyManager.rotate(id, grace, audit.target()));
    }

    @Override
    public Optional<CallerIdentity> authenticate(String secret) {
        return keyManager.authenticate(secret);
    }

    @Override
    public CubeGrant grant(String principal, CubeId cube, Permission permission, Optional<Instant> expiresAt) {
        String target = principal + " " + permission.id();
        return audit.change(cube, "grant", target, () -> access.grant(principal, cube, permission, expiresAt));
    }

    @Override
    public boolean revokeGrant(String principal, CubeId cube) {
        return audit.change(cube, "revoke grant", principal, () -> access.ungrant(principal, cube));
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
        audit.record(entry);
    }

    @Override
    public Page<AuditEntry> audit(AuditQuery query) {
        return audit.list(query);
    }

    @Override
    public void exportAudit(AuditFilter filter, Consumer<AuditRecord> sink) {
        audit.export(filter, sink);
    }

    @Override
    public AuditVerification verifyAudit(Set<String> trusted, Map<Long, String> noted) {
        return audit.verify(trusted, noted);
    }

    @Override
    public long removeAudit(Instant before) {
        return audit.removeBefore(before);
    }

    /** Writes the last uses of keys. */
    @Override
    public void close() {
        uses.close();
    }
}
