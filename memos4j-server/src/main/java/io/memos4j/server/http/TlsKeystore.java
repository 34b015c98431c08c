package io.memos4j.server.http;

import io.memos4j.api.ErrorCode;
import io.memos4j.api.MemoryException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.UnrecoverableKeyException;
import java.util.Collections;
import org.jspecify.annotations.Nullable;

/**
 * The certificate and private key for TLS.
 *
 * @param keystore a PKCS#12 file
 */
public record TlsKeystore(Path keystore, String password) {
    /**
     * Checks that the keystore is usable.
     *
     * @throws MemoryException with {@link ErrorCode#INVALID_CONFIGURATION} if the file is missing, the password is
     *     wrong, or it contains no private key
     */
    public static TlsKeystore open(Path keystore, String password) {
        try (InputStream in = Files.newInputStream(keystore)) {
            KeyStore store = KeyStore.getInstance("PKCS12");
            store.load(in, password.toCharArray());
            for (String alias : Collections.list(store.aliases())) {
                if (store.isKeyEntry(alias)) {
                    return new TlsKeystore(keystore, password);
                }
            }
            throw unusable(keystore, "it contains no private key. Add the certificate and its key", null);
        } catch (IOException e) {
            throw e.getCause() instanceof UnrecoverableKeyException
                    ? unusable(keystore, "the password does not open it", e)
                    : unusable(keystore, "it cannot be read as PKCS#12: " + e, e);
        } catch (GeneralSecurityException e) {
            throw unusable(keystore, "it cannot be read as PKCS#12: " + e, e);
        }
    }

    private static MemoryException unusable(Path keystore, String why, @Nullable Exception cause) {
        String message = "Cannot use server.tls.keystore " + keystore + ": " + why + ".";
        return cause == null
                ? new MemoryException(ErrorCode.INVALID_CONFIGURATION, message)
                : new MemoryException(ErrorCode.INVALID_CONFIGURATION, message, cause);
    }

    /** Leaves out the password, so that it cannot end up in a log. */
    @Override
    public String toString() {
        return "TlsKeystore[" + keystore + "]";
    }
}
