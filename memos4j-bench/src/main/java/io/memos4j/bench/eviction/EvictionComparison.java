package io.memos4j.bench.eviction;

import io.memos4j.core.kvcache.CacheAccess;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.StringJoiner;
import java.util.function.Predicate;

/** Compares eviction policies by the share of requests, and for unequal sizes also of bytes, served from a cache. */
public final class EvictionComparison {
    private EvictionComparison() {}

    /**
     * A row of the table.
     *
     * @param text the trace, the budget and the percentages served by each policy
     * @param learned the percentage served by the learned policy of memos4j
     * @param bounded true if its misses stay within the proven bound, also with inverted predictions
     */
    public record Row(String text, double learned, boolean bounded) {}

    /** Compares on the synthetic traces, on the demo conversation if it is on the class path, and on labeled sets. */
    public static List<Row> run(List<Path> sets) {
        List<CacheTrace> traces = new ArrayList<>(SyntheticTraces.all());
        traces.addAll(RecordedTraces.all(sets));
        return traces.stream().flatMap(trace -> run(trace).stream()).toList();
    }

    static List<Row> run(CacheTrace trace) {
        List<Row> rows = new ArrayList<>();
        for (double share : trace.shares()) {
            rows.addAll(compare(trace, share));
        }
        return rows;
    }

    private static List<Row> compare(CacheTrace trace, double share) {
        long budget = (long) Math.ceil(trace.footprint() * share);
        BeladyOracle belady = BeladyOracle.of(trace, budget);
        Map<String, BitSet> hits = new LinkedHashMap<>();
        hits.put("LRU", replay(trace, ReplayCache.lru(budget)));
        hits.put("ARC", replay(trace, new ArcCache(budget)));
        hits.put("TinyLFU", replay(trace, ReplayCache.tinyLfu(trace, budget)));
        hits.put("perfect bits", replay(trace, ReplayCache.withPredictions(budget, bits(belady.again(), true))));
        hits.put("inverted", replay(trace, ReplayCache.withPredictions(budget, bits(belady.again(), false))));
        hits.put(trace.equalSizes() ? "Belady" : "farthest", belady.hits());
        hits.put("learned", replay(trace, ReplayCache.learned(budget)));
        List<Row> rows = new ArrayList<>();
        rows.add(row(trace, share, hits, false));
        if (!trace.equalSizes()) {
            rows.add(row(trace, share, hits, true));
        }
        return rows;
    }

    private static Row row(CacheTrace trace, double share, Map<String, BitSet> hits, boolean inBytes) {
        StringJoiner line = new StringJoiner(" ");
        hits.forEach((name, served) ->
                line.add(String.format(Locale.ROOT, "%s %.1f", name, 100 * share(trace, served, inBytes))));
        long budget = (long) Math.ceil(trace.footprint() * share);
        long bound = 2 * missedBytes(trace, served(hits, "LRU")) + 3 * budget;
        return new Row(
                String.format(
                        Locale.ROOT, "%s, %.0f %%%s: %s", trace.name(), 100 * share, inBytes ? ", bytes" : "", line),
                100 * share(trace, served(hits, "learned"), inBytes),
                missedBytes(trace, served(hits, "learned")) <= bound
                        && missedBytes(trace, served(hits, "inverted")) <= bound);
    }

    private static BitSet served(Map<String, BitSet> hits, String policy) {
        return Objects.requireNonNull(hits.get(policy));
    }

    private static BitSet replay(CacheTrace trace, ReplayCache policy) {
        BitSet hits = new BitSet();
        for (int i = 0; i < trace.uses().size(); i++) {
            hits.set(i, policy.hit(trace.uses().get(i)));
        }
        return hits;
    }

    /** Returns predictions by position in the trace; each call is the next request. */
    private static Predicate<CacheAccess<Integer>> bits(BitSet again, boolean right) {
        int[] place = {0};
        return use -> again.get(place[0]++) == right;
    }

    private static double share(CacheTrace trace, BitSet hits, boolean inBytes) {
        if (!inBytes) {
            return (double) hits.cardinality() / trace.uses().size();
        }
        long all = trace.uses().stream().mapToLong(CacheAccess::size).sum();
        return 1 - (double) missedBytes(trace, hits) / all;
    }

    private static long missedBytes(CacheTrace trace, BitSet hits) {
        long missed = 0;
        for (int i = 0; i < trace.uses().size(); i++) {
            missed += hits.get(i) ? 0 : trace.uses().get(i).size();
        }
        return missed;
    }
}
