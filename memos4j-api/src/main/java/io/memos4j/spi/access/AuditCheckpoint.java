package io.memos4j.spi.access;

import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.HexFormat;

/**
 * A signed statement of what the audit log was.
 *
 * @param position the last entry that it covers
 * @param at when it was signed, in milliseconds
 * @param publicKey Ed25519, X.509 encoded
 * @param signature of {@link #signedText}
 */
public record AuditCheckpoint(AuditPosition position, Instant at, byte[] publicKey, byte[] signature) {
    /** Returns the bytes that are signed: four lines of text. Append-only. */
    public static byte[] signedText(AuditPosition position, Instant at) {
        return ("memos4j audit checkpoint 1\n" + position.number() + "\n"
                        + HexFormat.of().formatHex(position.hash()) + "\n" + at.toEpochMilli() + "\n")
                .getBytes(StandardCharsets.US_ASCII);
    }
}
