package io.memos4j.core.access;

import io.memos4j.api.ErrorCode;
import io.memos4j.api.MemoryException;
import io.memos4j.spi.access.AuditCheckpoint;
import io.memos4j.spi.access.AuditPosition;
import io.memos4j.spi.access.AuditReader;
import io.memos4j.spi.vault.Vault;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Signs checkpoints of the audit log. Thread-safe. */
public final class AuditSigner {
    private static final Logger LOG = LoggerFactory.getLogger(AuditSigner.class);

    /** A checkpoint follows this many entries, or an entry that has waited for this long. */
    private static final long ENTRIES = 1_000;

    private static final Duration PERIOD = Duration.ofHours(1);

    private final Vault vault;
    private final SigningKey key;
    private final InstantSource clock;

    public AuditSigner(Vault vault, SigningKey key, InstantSource clock) {
        this.vault = vault;
        this.key = key;
        this.clock = clock;
    }

    /** Signs the log if that is due; a failure is logged. */
    void signIfDue() {
        try {
            if (vault.read(reader -> isDue(reader.audit()))) {
                sign(vault.read(reader -> reader.audit().head()));
            }
        } catch (MemoryException e) {
            if (e.code() != ErrorCode.CLOSED) {
                LOG.warn("The audit could not be signed yet: {}", e.getMessage());
            }
        } catch (RuntimeException | Error e) {
            LOG.error("The audit could not be signed", e);
        }
    }

    private boolean isDue(AuditReader audit) {
        long signed = audit.lastCheckpoint()
                .map(last -> last.position().number())
                .orElse(audit.start().number());
        long unsigned = audit.head().number() - signed;
        return unsigned >= ENTRIES
                || audit.recordsAfter(signed, 1).stream()
                        .anyMatch(first ->
                                !clock.instant().isBefore(first.entry().at().plus(PERIOD)));
    }

    /** Signs the log up to a position. */
    AuditCheckpoint sign(AuditPosition position) {
        Instant now = Instant.ofEpochMilli(clock.millis());
        byte[] signature = key.sign(AuditCheckpoint.signedText(position, now));
        AuditCheckpoint checkpoint = new AuditCheckpoint(position, now, key.requirePublicKey(), signature);
        vault.change(writer -> writer.audit().add(checkpoint));
        return checkpoint;
    }

    /** Returns whether a checkpoint is signed by the key that it names. */
    static boolean isValid(AuditCheckpoint checkpoint) {
        return SigningKey.isValid(
                checkpoint.publicKey(),
                AuditCheckpoint.signedText(checkpoint.position(), checkpoint.at()),
                checkpoint.signature());
    }

    /** Returns the public key, X.509 in base64; empty before the first signature. */
    Optional<String> publicKey() {
        return key.publicKey();
    }
}
