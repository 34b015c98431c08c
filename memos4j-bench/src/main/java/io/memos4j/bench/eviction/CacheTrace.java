package io.memos4j.bench.eviction;

import io.memos4j.core.kvcache.CacheAccess;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Requests for artifacts in the order of time.
 *
 * @param name for the table
 * @param uses the requests; a key has one size throughout
 * @param shares the budgets to try, as shares of the bytes of all artifacts
 */
record CacheTrace(String name, List<CacheAccess<Integer>> uses, double... shares) {
    /** Bytes of all artifacts together. */
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
     * For each request the place of the next one for its key; beyond the end when there is none, each at a place of its
     * own.
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
