package io.memos4j.api.access;

/**
 * A new key with its secret, which is never shown again.
 *
 * @param secret what the client sends: {@code m4j_<id>_<43 characters>}, 256 random bits
 */
public record IssuedKey(ApiKey key, String secret) {
    /** Without the secret, so that it gets into no log. */
    @Override
    public String toString() {
        return "IssuedKey[" + key + "]";
    }
}
