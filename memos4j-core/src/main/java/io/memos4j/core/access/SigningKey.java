package io.memos4j.core.access;

import io.memos4j.api.ErrorCode;
import io.memos4j.api.MemoryException;
import io.memos4j.internal.PrivateFiles;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.MessageDigest;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.Signature;
import java.security.spec.PKCS8EncodedKeySpec;
import java.security.spec.X509EncodedKeySpec;
import java.util.Base64;
import java.util.List;
import java.util.Optional;

/**
 * The Ed25519 key by which a data directory signs its audit log and its receipts. It is in a file of two lines: the
 * private key, PKCS #8, and the public one, X.509, both in base64. The file is created for the first signature.
 * Thread-safe.
 */
public final class SigningKey {
    private static final String ALGORITHM = "Ed25519";

    private final Path file;
    private Optional<KeyPair> key = Optional.empty();

    public SigningKey(Path file) {
        this.file = file;
    }

    /** Signs bytes; the first time, the key is read, or created if there is none. */
    public byte[] sign(byte[] text) {
        try {
            Signature signature = Signature.getInstance(ALGORITHM);
            signature.initSign(pair().getPrivate());
            signature.update(text);
            return signature.sign();
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("This Java runtime cannot sign with Ed25519.", e);
        }
    }

    /** Returns whether bytes are signed by a public key, X.509; false for anything that is none. */
    public static boolean isValid(byte[] publicKey, byte[] text, byte[] signed) {
        try {
            Signature signature = Signature.getInstance(ALGORITHM);
            signature.initVerify(publicKey(publicKey));
            signature.update(text);
            return signature.verify(signed);
        } catch (GeneralSecurityException e) {
            return false;
        }
    }

    /** Returns the public key, X.509; creates the key if there is none. */
    public byte[] requirePublicKey() {
        return pair().getPublic().getEncoded();
    }

    /** Returns the public key, X.509 in base64; empty before the first signature. */
    public synchronized Optional<String> publicKey() {
        if (key.isEmpty() && Files.exists(file)) {
            key = Optional.of(load());
        }
        return key.map(pair -> base64(pair.getPublic().getEncoded()));
    }

    /** Derives a secret of 32 bytes for a purpose; the same one every time. */
    public byte[] deriveSecret(byte[] purpose) {
        try {
            MessageDigest digest = MessageDigest.getInstance("SHA-256");
            digest.update(purpose);
            return digest.digest(pair().getPrivate().getEncoded());
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("This Java runtime has no SHA-256.", e);
        }
    }

    public static String base64(byte[] bytes) {
        return Base64.getEncoder().encodeToString(bytes);
    }

    private synchronized KeyPair pair() {
        KeyPair pair = key.orElseGet(() -> Files.exists(file) ? load() : create());
        key = Optional.of(pair);
        return pair;
    }

    private static PublicKey publicKey(byte[] encoded) throws GeneralSecurityException {
        return KeyFactory.getInstance(ALGORITHM).generatePublic(new X509EncodedKeySpec(encoded));
    }

    private KeyPair load() {
        try {
            List<String> lines = Files.readAllLines(file);
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
            Path draft = file.resolveSibling(file.getFileName() + ".new");
            Files.deleteIfExists(draft);
            PrivateFiles.createFile(draft);
            Files.writeString(
                    draft,
                    base64(pair.getPrivate().getEncoded()) + "\n"
                            + base64(pair.getPublic().getEncoded()) + "\n");
            Files.move(draft, file, StandardCopyOption.ATOMIC_MOVE);
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
                what + " the audit's key " + file + ": " + cause + ". Check the file and its permissions; without it"
                        + " nothing can be signed.",
                cause);
    }
}
