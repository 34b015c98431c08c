package io.memos4j.server.http;

import java.nio.file.Path;

/**
 * Encrypts connections.
 *
 * @param keystore a PKCS#12 file with certificate and key
 */
public record Tls(Path keystore, String password) {
    /** Without the password, so that it gets into no log. */
    @Override
    public String toString() {
        return "Tls[" + keystore + "]";
    }
}
