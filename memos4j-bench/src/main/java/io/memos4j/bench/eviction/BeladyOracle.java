package io.memos4j.bench.eviction;

import io.memos4j.core.kvcache.CacheAccess;
import java.util.BitSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * Replays a trace with knowledge of the future and evicts the artifact whose next use is farthest away. For equal sizes
 * this is Belady's optimum; for unequal sizes only a good heuristic.
 *
 * @param hits the requests that were served from the cache
 * @param again the requests after which the artifact was kept until its next use: perfect predictions
 */
record BeladyOracle(BitSet hits, BitSet again) {
    static BeladyOracle of(CacheTrace trace, long budget) {
        int[] next = trace.nextUses();
        List<CacheAccess<Integer>> uses = trace.uses();
        BitSet hits = new BitSet();
        BitSet again = new BitSet();
        TreeMap<Integer, Integer> heldByNextUse = new TreeMap<>();
        Map<Integer, Integer> lastUse = new HashMap<>();
        long bytes = 0;
        for (int i = 0; i < next.length; i++) {
            CacheAccess<Integer> use = uses.get(i);
            Integer last = lastUse.put(use.key(), i);
            if (use.size() > budget) {
                continue;
            }
            if (heldByNextUse.remove(i) != null && last != null) {
                hits.set(i);
                again.set(last);
                bytes -= use.size();
            }
            while (bytes + use.size() > budget) {
                bytes -= uses.get(heldByNextUse.pollLastEntry().getValue()).size();
            }
            heldByNextUse.put(next[i], i);
            bytes += use.size();
        }
        return new BeladyOracle(hits, again);
    }
}
