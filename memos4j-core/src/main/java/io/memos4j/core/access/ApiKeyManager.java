package io.memos4j.core.access;

import io.memos4j.api.ErrorCode;
import io.memos4j.api.MemoryException;
import io.memos4j.api.access.ApiKey;
import io.memos4j.api.access.CallerIdentity;
import io.memos4j.api.access.IssuedKey;
import io.memos4j.api.access.KeyRequest;
import io.memos4j.spi.access.StoredKey;
import io.memos4j.spi.vault.VaultWriter;
import java.security.MessageDigest;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;

/** Issues, revokes, rotates and authenticates API keys. Thread-safe. */
final class ApiKeyManager {
    private final AccessRegistry registry;
    private final KeyUsageRecorder uses;
    private final InstantSource clock;
    private final SecureRandom random;

    /** The hashes compared for malformed secrets and unknown keys, so that every comparison takes the same time. */
    private final byte[] malformed;

    private final byte[] unknown = new byte[32];

    ApiKeyManager(AccessRegistry registry, KeyUsageRecorder uses, InstantSource clock, SecureRandom random) {
        this.registry = registry;
        this.uses = uses;
        this.clock = clock;
        this.random = random;
        this.malformed = ApiKeySecret.generate(random).hash();
        random.nextBytes(unknown);
    }

    /** @param audited takes the name of the new key for the audit */
    IssuedKey issue(KeyRequest request, Consumer<String> audited) {
        return registry.writeGranting((writer, before) -> {
            before.requirePrincipal(request.principal());
            IssuedKey issued = issue(writer, before, request);
            audited.accept(issued.key().id() + " " + request.principal());
            return issued;
        });
    }

    private IssuedKey issue(VaultWriter writer, AccessSnapshot before, KeyRequest request) {
        ApiKeySecret secret = ApiKeySecret.generate(random);
        while (before.key(secret.id()).isPresent()) {
            secret = ApiKeySecret.generate(random);
        }
        Instant now = clock.instant();
        ApiKey key = new ApiKey(
                secret.id(),
                request.principal(),
                request.label(),
                request.scope(),
                request.cubes(),
                now,
                request.lifetime().map(lifetime -> ExpiryTimes.in(lifetime, now)),
                Optional.empty(),
                Optional.empty());
        writer.access().issue(new StoredKey(key, secret.hash()));
        return new IssuedKey(key, secret.reveal());
    }

    /** Returns all keys, oldest first. */
    List<ApiKey> keys() {
        return registry.snapshot().keys().stream().map(uses::withLastUse).toList();
    }

    ApiKey revoke(String id) {
        return registry.writeRevoking((writer, before) -> {
            StoredKey stored = requireKey(before, id);
            Instant now = clock.instant();
            if (stored.hash().length > 0) {
                Instant at = stored.key().revokedAt().filter(now::isAfter).orElse(now);
                writer.access().revoke(id, at);
            }
            return uses.withLastUse(
                    requireKey(AccessSnapshot.of(writer.access()), id).key());
        });
    }

    /** @param audited takes the names of both keys for the audit */
    IssuedKey rotate(String id, Duration grace, Consumer<String> audited) {
        return registry.writeGranting((writer, before) -> {
            Instant now = clock.instant();
            Instant end = ExpiryTimes.in(grace, now);
            ApiKey old = before.identity(id, now)
                    .map(CallerIdentity::key)
                    .orElseThrow(() -> before.key(id).isEmpty() ? unknown(id) : unusableKey(id));
            IssuedKey issued = issue(
                    writer,
                    before,
                    new KeyRequest(
                            old.principal(),
                            old.label(),
                            old.scope(),
                            old.cubes(),
                            old.expiresAt().map(expiry -> Duration.between(old.createdAt(), expiry))));
            audited.accept(id + " " + issued.key().id());
            if (grace.isZero()) {
                writer.access().revoke(id, now);
            } else {
                writer.access().expire(id, old.revokedAt().filter(end::isAfter).orElse(end));
            }
            return issued;
        });
    }

    private static StoredKey requireKey(AccessSnapshot snapshot, String id) {
        return snapshot.key(id).orElseThrow(() -> unknown(id));
    }

    private static MemoryException unknown(String id) {
        return new MemoryException(ErrorCode.KEY_NOT_FOUND, "There is no key '" + id + "'.");
    }

    private static MemoryException unusableKey(String id) {
        return new MemoryException(
                ErrorCode.KEY_NOT_FOUND, "Key '" + id + "' was revoked or has expired. Issue a new one instead.");
    }

    Optional<CallerIdentity> authenticate(String text) {
        AccessSnapshot snapshot = registry.snapshot();
        Instant now = clock.instant();
        Optional<ApiKeySecret> secret = ApiKeySecret.parse(text);
        String id = secret.map(ApiKeySecret::id).orElse("");
        byte[] expected = snapshot.key(id)
                .map(StoredKey::hash)
                .filter(hash -> hash.length > 0)
                .orElse(unknown);
        boolean same = MessageDigest.isEqual(secret.map(ApiKeySecret::hash).orElse(malformed), expected);
        Optional<CallerIdentity> identity = snapshot.identity(id, now).filter(found -> same);
        identity.ifPresent(found -> uses.record(id, now));
        return identity;
    }
}
