package io.memos4j.core.ingest.document;

import java.util.List;

/**
 * The text of a document with its structure, before it is chunked.
 *
 * @param text clean text, not blank
 * @param units partition the text, none blank
 * @param kept ranges that should stay whole if they fit a chunk (code, tables, rows), in order, not overlapping
 */
record DocumentOutline(String text, List<Unit> units, List<Range> kept) {
    /**
     * A stretch of text in one place.
     *
     * @param scope covers all of it; decides which neighbors it may be merged with
     * @param title the title of its chunk: the place of its body text, which may be deeper than the scope
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
