package io.memos4j.core.access;

import io.memos4j.api.ErrorCode;
import io.memos4j.api.MemoryException;
import io.memos4j.internal.PrivateFiles;
import io.memos4j.spi.access.AuditCheckpoint;
import io.memos4j.spi.access.AuditPosition;
import io.memos4j.spi.access.AuditReader;
import io.memos4j.spi.vault.Vault;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.Signature;
import java.security.spec.PKCS8EncodedKeySpec;
import java.security.spec.X509EncodedKeySpec;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Signs checkpoints of the audit log with Ed25519. The key is in a file of two lines beside the vault or elsewhere: the
 * private key, PKCS #8, and the public one, X.509, both in base64. It is created for the first checkpoint. Thread-safe.
 */
public final class AuditSigner {
    private static final Logger LOG = LoggerFactory.getLogger(AuditSigner.class);
    private static final String ALGORITHM = "Ed25519";

    /** A checkpoint follows this many entries, or an entry that has waited for this long. */
    private static final long ENTRIES = 1_000;

    private static final Duration PERIOD = Duration.ofHours(1);

    private final Vault vault;
    private final Path keyFile;
    private final InstantSource clock;
    private Optional<KeyPair> key = Optional.empty();

    public AuditSigner(Vault vault, Path keyFile, InstantSource clock) {
        this.vault = vault;
        this.keyFile = keyFile;
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
    synchronized AuditCheckpoint sign(AuditPosition position) {
        KeyPair pair = key.orElseGet(this::loadOrCreate);
        key = Optional.of(pair);
        Instant now = Instant.ofEpochMilli(clock.millis());
        try {
            Signature signature = Signature.getInstance(ALGORITHM);
            signature.initSign(pair.getPrivate());
            signature.update(AuditCheckpoint.signedText(position, now));
            AuditCheckpoint checkpoint =
                    new AuditCheckpoint(position, now, pair.getPublic().getEncoded(), signature.sign());
            vault.change(writer -> writer.audit().add(checkpoint));
            return checkpoint;
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("This Java runtime cannot sign with Ed25519.", e);
        }
    }

    /** Returns whether a checkpoint is signed by the key that it names. */
    static boolean isValid(AuditCheckpoint checkpoint) {
        try {
            Signature signature = Signature.getInstance(ALGORITHM);
            signature.initVerify(publicKey(checkpoint.publicKey()));
            signature.update(AuditCheckpoint.signedText(checkpoint.position(), checkpoint.at()));
            return signature.verify(checkpoint.signature());
        } catch (GeneralSecurityException e) {
            return false;
        }
    }

    private static PublicKey publicKey(byte[] encoded) throws GeneralSecurityException {
        return KeyFactory.getInstance(ALGORITHM).generatePublic(new X509EncodedKeySpec(encoded));
    }

    /** Returns the public key, X.509 in base64; empty before the first checkpoint. */
    synchronized Optional<String> publicKey() {
        if (key.isEmpty() && Files.exists(keyFile)) {
            key = Optional.of(load());
        }
        return key.map(pair -> base64(pair.getPublic().getEncoded()));
    }

    static String base64(byte[] bytes) {
        return Base64.getEncoder().encodeToString(bytes);
    }

    private KeyPair loadOrCreate() {
        return Files.exists(keyFile) ? load() : create();
    }

    private KeyPair load() {
        try {
            List<String> lines = Files.readAllLines(keyFile);
            Base64.Decoder decoder = Base64.getDecoder();
            PrivateKey secret = KeyFactory.getInstance(ALGORITHM)
                    .generatePrivate(new PKCS8EncodedKeySpec(decoder.decode(lines.get(0))));
            return new KeyPair(publicKey(decoder.decode(lines.get(1))), secret);
        } catch (IOException e) {
            throw failed("Cannot read", e);
        } catch (GeneralSecurityException | IllegalArgumentException | IndexOutOfBoundsException e) {
            throw failed("Cannot understand", e);
        }
    }

    /** Creates the key. The file appears when it is complete. */
    private KeyPair create() {
        try {
            KeyPair pair = KeyPairGenerator.getInstance(ALGORITHM).generateKeyPair();
            Path draft = keyFile.resolveSibling(keyFile.getFileName() + ".new");
            Files.deleteIfExists(draft);
            PrivateFiles.createFile(draft);
            Files.writeString(
                    draft,
                    base64(pair.getPrivate().getEncoded()) + "\n"
                            + base64(pair.getPublic().getEncoded()) + "\n");
            Files.move(draft, keyFile, StandardCopyOption.ATOMIC_MOVE);
            return pair;
        } catch (IOException e) {
            throw failed("Cannot create", e);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("This Java runtime cannot make Ed25519 keys.", e);
        }
    }

    private MemoryException failed(String what, Exception cause) {
        return new MemoryException(
                ErrorCode.STORAGE_FAILED,
                what + " the audit's key " + keyFile + ": " + cause + ". Check the file and its permissions; without"
                        + " it checkpoints cannot be signed.",
                cause);
    }
}
