package io.memos4j.core.reader.document;

/**
 * A stretch of a document's text.
 *
 * @param start its first UTF-16 unit
 * @param end one past its last unit
 * @param title the heading path ("Handbook > Travel > Trains"), pages or rows that it belongs to; empty if none
 */
public record Chunk(int start, int end, String title) {
    public Chunk {
        if (start < 0 || end <= start) {
            throw new IllegalArgumentException("Chunk " + start + ".." + end + " is empty or no range.");
        }
    }
}
