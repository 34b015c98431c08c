package io.memos4j.spi.access;

import io.memos4j.api.access.AuditEntry;
import io.memos4j.internal.Sha256Hash;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;

/**
 * The hashes that chain the entries of the audit log: SHA-256 over the hash of the entry before and the fields of the
 * entry. Numbers are 8 bytes, big-endian; texts are UTF-8, after their length in bytes. Append-only.
 */
public final class AuditChain {
    private static final int HASH_BYTES = 32;

    private AuditChain() {}

    /** Returns the hash before the first entry. */
    public static byte[] beginning() {
        return new byte[HASH_BYTES];
    }

    /** Returns the hash of an entry whose number has been assigned. */
    public static byte[] hash(byte[] former, AuditEntry entry) {
        MessageDigest digest = Sha256Hash.digest();
        digest.update(former);
        add(digest, entry.number());
        add(digest, entry.at().toEpochMilli());
        add(digest, entry.principal());
        add(digest, entry.key());
        add(digest, entry.action());
        add(digest, entry.cube());
        add(digest, entry.target());
        add(digest, entry.outcome());
        add(digest, entry.request());
        add(digest, entry.count());
        return digest.digest();
    }

    private static void add(MessageDigest digest, long number) {
        digest.update(ByteBuffer.allocate(Long.BYTES).putLong(0, number));
    }

    private static void add(MessageDigest digest, String text) {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        add(digest, bytes.length);
        digest.update(bytes);
    }
}
