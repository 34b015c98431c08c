package io.memos4j.core.privacy;

/**
 * A secret or personal data in a text.
 *
 * @param start first UTF-16 unit
 * @param end one past the last unit
 * @param text the part of the text
 */
public record SensitiveSpan(SensitiveKind kind, int start, int end, String text) {
    boolean overlaps(SensitiveSpan other) {
        return start < other.end && other.start < end;
    }
}
