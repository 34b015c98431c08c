package io.memos4j.core.language.time;

/** Words from start to end, exclusive, and the days they mean. */
record Found(int start, int end, Span span) {
    int length() {
        return end - start;
    }
}
