package io.memos4j.core.governance;

import io.memos4j.api.ApiKey;
import io.memos4j.api.AuditEntry;
import io.memos4j.api.AuditQuery;
import io.memos4j.api.CubeId;
import io.memos4j.api.ErrorCode;
import io.memos4j.api.Grant;
import io.memos4j.api.Identity;
import io.memos4j.api.IssuedKey;
import io.memos4j.api.KeyRequest;
import io.memos4j.api.MemGovernance;
import io.memos4j.api.MemoryException;
import io.memos4j.api.Page;
import io.memos4j.api.Permission;
import io.memos4j.api.Principal;
import io.memos4j.spi.Vault;
import io.memos4j.spi.VaultWriter;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;

/** The door to principals, keys, grants and the audit of an open engine. Thread-safe. */
public final class Governance implements MemGovernance, AutoCloseable {
    private final Vault vault;
    private final InstantSource clock;
    private final Register register;
    private final KeyUses uses;
    private final Keyring keyring;
    private final Access access;

    /** Reads what is stored. */
    public Governance(Vault vault, InstantSource clock, SecureRandom random) {
        this.vault = vault;
        this.clock = clock;
        this.register = new Register(vault);
        this.uses = new KeyUses(vault, register.now().keys());
        this.keyring = new Keyring(register, uses, clock, random);
        this.access = new Access(register, clock);
    }

    @Override
    public Principal create(String name, boolean administrator) {
        Principal principal = new Principal(name, administrator, clock.instant());
        return register.give((writer, before) -> {
            if (before.principal(name).isPresent()) {
                throw new MemoryException(
                        ErrorCode.PRINCIPAL_EXISTS,
                        "Principal '" + name + "' exists already. Use it, or choose another name.");
            }
            writer.governance().create(principal);
            return principal;
        });
    }

    @Override
    public List<Principal> principals() {
        return register.now().principals();
    }

    @Override
    public void remove(String name) {
        List<String> gone = register.take((writer, before) -> {
            before.known(name);
            writer.governance().remove(name);
            return before.keys().stream()
                    .filter(key -> key.principal().equals(name))
                    .map(ApiKey::id)
                    .toList();
        });
        gone.forEach(uses::forget);
    }

    @Override
    public IssuedKey issue(KeyRequest request) {
        return keyring.issue(request);
    }

    @Override
    public List<ApiKey> keys() {
        return keyring.keys();
    }

    @Override
    public ApiKey revoke(String id) {
        return keyring.revoke(id);
    }

    @Override
    public IssuedKey rotate(String id, Duration grace) {
        return keyring.rotate(id, grace);
    }

    @Override
    public Optional<Identity> authenticate(String secret) {
        return keyring.authenticate(secret);
    }

    @Override
    public Grant grant(String principal, CubeId cube, Permission permission, Optional<Instant> expiresAt) {
        return access.grant(principal, cube, permission, expiresAt);
    }

    @Override
    public boolean ungrant(String principal, CubeId cube) {
        return access.ungrant(principal, cube);
    }

    @Override
    public List<Grant> grantsTo(String principal) {
        return register.now().grantsTo(principal);
    }

    @Override
    public List<Grant> grantsOn(CubeId cube) {
        return register.now().grantsOn(cube);
    }

    /** Makes a change with which grants go: deletes a cube. */
    public <T> T withdrawing(Function<VaultWriter, T> change) {
        return register.take((writer, before) -> change.apply(writer));
    }

    @Override
    public Optional<Permission> permission(Identity identity, CubeId cube) {
        return access.permission(identity, cube);
    }

    @Override
    public void record(AuditEntry entry) {
        vault.write(writer -> writer.governance().record(entry));
    }

    @Override
    public Page<AuditEntry> audit(AuditQuery query) {
        return vault.read(reader -> reader.governance().audit(query));
    }

    /** Writes down the last uses of keys. */
    @Override
    public void close() {
        uses.close();
    }
}
