package io.memos4j.core.search;

import java.time.Duration;

/** An instant on the monotonic clock by which work must end. Immutable. */
final class SearchDeadline {
    private final long nanos;

    private SearchDeadline(long nanos) {
        this.nanos = nanos;
    }

    static SearchDeadline after(Duration duration) {
        return new SearchDeadline(System.nanoTime() + duration.toNanos());
    }

    /** The time left, zero if it has passed. */
    Duration remaining() {
        return Duration.ofNanos(Math.max(0, nanos - System.nanoTime()));
    }

    /** An earlier deadline that leaves this share of the time left. */
    SearchDeadline share(double share) {
        return after(Duration.ofNanos((long) (share * remaining().toNanos())));
    }
}
