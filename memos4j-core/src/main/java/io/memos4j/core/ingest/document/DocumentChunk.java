package io.memos4j.core.ingest.document;

/**
 * A stretch of a document's text.
 *
 * @param start its first UTF-16 unit
 * @param end one past its last unit
 * @param title the heading path ("Handbook > Travel > Trains"), pages or rows that it belongs to; empty if none
 */
public record DocumentChunk(int start, int end, String title) {
    public DocumentChunk {
        if (start < 0 || end <= start) {
            throw new IllegalArgumentException("Chunk " + start + ".." + end + " is empty or no range.");
        }
    }
}
