package io.memos4j.core.language.time;

/** A match: words from start to end, exclusive, and the days they mean. */
record TimeMatch(int start, int end, DateSpan span) {
    int length() {
        return end - start;
    }
}
