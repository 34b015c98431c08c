package io.memos4j.server.http;

import java.time.Duration;

/**
 * Limits on the work that the server takes on at once.
 *
 * @param bodyValues the most values (objects, arrays, strings, numbers …) of a JSON body
 * @param bodyList the most entries of a list in a JSON body
 * @param bodyMemory bytes of memory for the bodies of all running requests
 * @param callsAtOnce requests that run at once
 * @param sharedCallsAtOnce requests that run at once for a principal while others call too
 * @param waitingCalls requests that may wait for their turn, for a model or for a task, for each principal
 * @param patience the longest wait for a turn
 */
public record LoadLimits(
        int bodyValues,
        int bodyList,
        long bodyMemory,
        int callsAtOnce,
        int sharedCallsAtOnce,
        int waitingCalls,
        Duration patience) {
    /** A million values, lists of 10,000 entries, and what {@link #resolved} derives from the machine. */
    public static final LoadLimits DEFAULT =
            new LoadLimits(1_000_000, 10_000, 0, 0, 0, 1_000, Duration.ofSeconds(30)).resolved();

    private static final int PER_PROCESSOR = 8;
    private static final int SHARE_OF_HEAP = 4;

    /** Derives what is 0: a quarter of the heap, eight requests per processor, a share of all processors but one. */
    public LoadLimits resolved() {
        int processors = Runtime.getRuntime().availableProcessors();
        int calls = callsAtOnce > 0 ? callsAtOnce : PER_PROCESSOR * processors;
        return new LoadLimits(
                bodyValues,
                bodyList,
                bodyMemory > 0 ? bodyMemory : Runtime.getRuntime().maxMemory() / SHARE_OF_HEAP,
                calls,
                Math.min(calls, sharedCallsAtOnce > 0 ? sharedCallsAtOnce : Math.max(1, processors - 1)),
                waitingCalls,
                patience);
    }
}
