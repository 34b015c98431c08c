package io.memos4j.core.ingest.document;

import java.util.List;

/**
 * The text of a document with its structure, before it is chunked.
 *
 * @param text clean text, not blank
 * @param units partition the text, none blank
 * @param kept what should stay whole where it fits a chunk (code, tables, rows), in order, not overlapping
 */
record DocumentOutline(String text, List<Unit> units, List<Range> kept) {
    /**
     * A stretch of text in one place.
     *
     * @param scope covers all of it, and says what it may be merged with
     * @param title what its chunk is called: the place of its body text, which may lie deeper than the scope
     * @param bare holds headings only
     */
    record Unit(int start, int end, DocumentPlace scope, DocumentPlace title, boolean bare) {
        int length() {
            return end - start;
        }
    }

    /** From {@code start} to before {@code end}. */
    record Range(int start, int end) {}
}
