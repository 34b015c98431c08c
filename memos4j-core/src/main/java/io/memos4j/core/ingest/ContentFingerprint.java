package io.memos4j.core.ingest;

import io.memos4j.internal.Sha256Hash;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;

/** A short hash that identifies the same content when it comes again: the first 128 bits of SHA-256 over the parts. */
public final class ContentFingerprint {
    private static final int LENGTH = 32;

    private ContentFingerprint() {}

    public static String of(String... parts) {
        MessageDigest digest = Sha256Hash.digest();
        for (String part : parts) {
            digest.update(part.getBytes(StandardCharsets.UTF_8));
            digest.update((byte) 0);
        }
        return Sha256Hash.hex(digest).substring(0, LENGTH);
    }

    static String of(byte[] content) {
        return Sha256Hash.of(content).substring(0, LENGTH);
    }
}
