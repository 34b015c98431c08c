package io.memos4j.core.governance;

import io.memos4j.api.ApiKey;
import io.memos4j.api.ErrorCode;
import io.memos4j.api.Identity;
import io.memos4j.api.IssuedKey;
import io.memos4j.api.KeyRequest;
import io.memos4j.api.MemoryException;
import io.memos4j.spi.StoredKey;
import io.memos4j.spi.VaultWriter;
import java.security.MessageDigest;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;

/** The keys: made, taken away, replaced and recognised. Thread-safe. */
final class Keyring {
    private final Register register;
    private final KeyUses uses;
    private final InstantSource clock;
    private final SecureRandom random;

    /** What takes the place of a secret that is none, and of the hash of an unknown key, so that every comparison takes the same time. */
    private final byte[] malformed;

    private final byte[] unknown = new byte[32];

    Keyring(Register register, KeyUses uses, InstantSource clock, SecureRandom random) {
        this.register = register;
        this.uses = uses;
        this.clock = clock;
        this.random = random;
        this.malformed = Secret.draw(random).hash();
        random.nextBytes(unknown);
    }

    IssuedKey issue(KeyRequest request) {
        return register.give((writer, before) -> {
            before.known(request.principal());
            return issue(writer, before, request);
        });
    }

    private IssuedKey issue(VaultWriter writer, Roster before, KeyRequest request) {
        Secret secret = Secret.draw(random);
        while (before.key(secret.id()).isPresent()) {
            secret = Secret.draw(random);
        }
        Instant now = clock.instant();
        ApiKey key = new ApiKey(
                secret.id(),
                request.principal(),
                request.label(),
                request.scope(),
                request.cubes(),
                now,
                request.lifetime().map(lifetime -> Expiry.in(lifetime, now)),
                Optional.empty(),
                Optional.empty());
        writer.governance().issue(new StoredKey(key, secret.hash()));
        return new IssuedKey(key, secret.reveal());
    }

    /** Oldest first. */
    List<ApiKey> keys() {
        return register.now().keys().stream().map(uses::seen).toList();
    }

    ApiKey revoke(String id) {
        return register.take((writer, before) -> {
            StoredKey stored = known(before, id);
            Instant now = clock.instant();
            if (stored.hash().length > 0) {
                Instant at = stored.key().revokedAt().filter(now::isAfter).orElse(now);
                writer.governance().revoke(id, at);
            }
            return uses.seen(known(Roster.of(writer.governance()), id).key());
        });
    }

    IssuedKey rotate(String id, Duration grace) {
        return register.give((writer, before) -> {
            Instant now = clock.instant();
            Instant end = Expiry.in(grace, now);
            ApiKey old = before.identity(id, now)
                    .map(Identity::key)
                    .orElseThrow(() -> before.key(id).isEmpty() ? unknown(id) : useless(id));
            IssuedKey issued = issue(
                    writer,
                    before,
                    new KeyRequest(
                            old.principal(),
                            old.label(),
                            old.scope(),
                            old.cubes(),
                            old.expiresAt().map(expiry -> Duration.between(old.createdAt(), expiry))));
            if (grace.isZero()) {
                writer.governance().revoke(id, now);
            } else {
                writer.governance()
                        .expire(id, old.revokedAt().filter(end::isAfter).orElse(end));
            }
            return issued;
        });
    }

    private static StoredKey known(Roster roster, String id) {
        return roster.key(id).orElseThrow(() -> unknown(id));
    }

    private static MemoryException unknown(String id) {
        return new MemoryException(ErrorCode.KEY_NOT_FOUND, "There is no key '" + id + "'.");
    }

    private static MemoryException useless(String id) {
        return new MemoryException(
                ErrorCode.KEY_NOT_FOUND, "Key '" + id + "' was revoked or has expired. Make a new one instead.");
    }

    Optional<Identity> authenticate(String text) {
        Roster roster = register.now();
        Instant now = clock.instant();
        Optional<Secret> secret = Secret.parse(text);
        String id = secret.map(Secret::id).orElse("");
        byte[] expected = roster.key(id)
                .map(StoredKey::hash)
                .filter(hash -> hash.length > 0)
                .orElse(unknown);
        boolean same = MessageDigest.isEqual(secret.map(Secret::hash).orElse(malformed), expected);
        Optional<Identity> identity = roster.identity(id, now).filter(found -> same);
        identity.ifPresent(found -> uses.note(id, now));
        return identity;
    }
}
