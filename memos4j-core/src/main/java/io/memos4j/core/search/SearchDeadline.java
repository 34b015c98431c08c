package io.memos4j.core.search;

import java.time.Duration;

/** A moment on the monotonic clock. */
final class SearchDeadline {
    private final long at;

    private SearchDeadline(long at) {
        this.at = at;
    }

    static SearchDeadline after(Duration duration) {
        return new SearchDeadline(System.nanoTime() + duration.toNanos());
    }

    /** The time left, zero if it has passed. */
    Duration remaining() {
        return Duration.ofNanos(Math.max(0, at - System.nanoTime()));
    }
}
