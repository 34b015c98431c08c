package io.memos4j.bench.eviction;

import io.memos4j.core.kvcache.CacheAccess;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * A trace of requests for artifacts, in order of time.
 *
 * @param name the name in the table
 * @param uses the requests; a key has one size throughout
 * @param shares the budgets to compare, as shares of the bytes of all artifacts
 */
record CacheTrace(String name, List<CacheAccess<Integer>> uses, double... shares) {
    /** Returns the bytes of all artifacts together. */
    long footprint() {
        return sizes().values().stream().mapToLong(Long::longValue).sum();
    }

    boolean equalSizes() {
        return sizes().values().stream().distinct().count() == 1;
    }

    private Map<Integer, Long> sizes() {
        Map<Integer, Long> sizes = new HashMap<>();
        uses.forEach(use -> sizes.put(use.key(), use.size()));
        return sizes;
    }

    /**
     * Returns for each request the position of the next one for its key; a distinct one beyond the end if there is
     * none.
     */
    int[] nextUses() {
        int[] next = new int[uses.size()];
        Map<Integer, Integer> seen = new HashMap<>();
        for (int i = next.length - 1; i >= 0; i--) {
            Integer later = seen.put(uses.get(i).key(), i);
            next[i] = later == null ? Integer.MAX_VALUE - i : later;
        }
        return next;
    }
}
