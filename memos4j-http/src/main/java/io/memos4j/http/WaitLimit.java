package io.memos4j.http;

import java.time.Duration;

/**
 * A bound on waiting for a server: for each wait, for the whole call, or both. Immutable and thread-safe.
 *
 * <p>The timeout of the JDK's client ends with the head of an answer; this one holds for every piece of the body too.
 */
public final class WaitLimit {
    /** Waits beyond this are as good as endless. */
    private static final Duration LONGEST = Duration.ofDays(1);

    private final Duration perWait;
    private final Duration whole;
    private final long start;

    private WaitLimit(Duration perWait, Duration whole, long start) {
        this.perWait = perWait;
        this.whole = whole;
        this.start = start;
    }

    /** Bounds each single wait: for the head of the answer, and for each further piece. */
    public static WaitLimit perWait(Duration timeout) {
        return new WaitLimit(bounded(timeout), LONGEST, System.nanoTime());
    }

    /** Bounds the whole call, which begins now. */
    public static WaitLimit whole(Duration timeout) {
        return new WaitLimit(LONGEST, bounded(timeout), System.nanoTime());
    }

    /** Returns this bound, and the given one on the whole call, which begins now. */
    public WaitLimit within(Duration timeout) {
        return new WaitLimit(perWait, bounded(timeout), System.nanoTime());
    }

    /** Does not bound waits, except by a day. */
    public static WaitLimit none() {
        return perWait(LONGEST);
    }

    private static Duration bounded(Duration timeout) {
        return timeout.compareTo(LONGEST) < 0 ? timeout : LONGEST;
    }

    /** The longest wait from now on, in nanoseconds; 0 if the time is up. */
    long remainingNanos() {
        long left = whole.toNanos() - (System.nanoTime() - start);
        return Math.max(0, Math.min(perWait.toNanos(), left));
    }

    /** The shorter of both bounds, such as {@code PT10S}. */
    @Override
    public String toString() {
        return (perWait.compareTo(whole) < 0 ? perWait : whole).toString();
    }
}
