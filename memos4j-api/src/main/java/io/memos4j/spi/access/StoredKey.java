package io.memos4j.spi.access;

import io.memos4j.api.access.ApiKey;

/**
 * A key as the vault keeps it.
 *
 * @param hash SHA-256 of the secret part; empty for a key that was revoked for good, which nothing can open any more
 */
public record StoredKey(ApiKey key, byte[] hash) {
    /** Without the hash, so that it gets into no log. */
    @Override
    public String toString() {
        return "StoredKey[" + key + "]";
    }
}
