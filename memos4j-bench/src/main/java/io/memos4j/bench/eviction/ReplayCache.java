package io.memos4j.bench.eviction;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import io.memos4j.core.kvcache.CacheAccess;
import io.memos4j.core.kvcache.LearnedEvictionPolicy;
import io.memos4j.core.kvcache.ReusePredictor;
import java.util.LinkedHashMap;
import java.util.function.Predicate;

/** A cache that is asked for artifacts one after the other. */
@FunctionalInterface
interface ReplayCache {
    /** Whether it held the artifact; afterwards it may hold it. */
    boolean hit(CacheAccess<Integer> use);

    /** Least recently used first. */
    static ReplayCache lru(long budget) {
        LinkedHashMap<Integer, Long> held = new LinkedHashMap<>();
        long[] bytes = {0};
        return use -> {
            if (use.size() > budget) {
                return false;
            }
            boolean hit = held.remove(use.key()) != null;
            bytes[0] += hit ? 0 : use.size();
            held.put(use.key(), use.size());
            while (bytes[0] > budget) {
                bytes[0] -= held.pollFirstEntry().getValue();
            }
            return hit;
        };
    }

    /**
     * W-TinyLFU: Caffeine, counting entries where sizes are equal, otherwise with weights in kilobytes. It may refuse
     * what is new.
     */
    static ReplayCache tinyLfu(CacheTrace trace, long budget) {
        Caffeine<Object, Object> builder = Caffeine.newBuilder().executor(Runnable::run);
        Cache<Integer, Long> cache = trace.equalSizes()
                ? builder.maximumSize(budget / trace.uses().getFirst().size()).build()
                : builder.maximumWeight(budget / 1_000)
                        .weigher((Integer key, Long size) -> (int) (size / 1_000))
                        .build();
        return use -> {
            boolean hit = cache.getIfPresent(use.key()) != null;
            if (!hit) {
                cache.put(use.key(), use.size());
            }
            cache.cleanUp();
            return hit;
        };
    }

    /** The policy of memos4j with the predictions that it learns. */
    static ReplayCache learned(long budget) {
        ReusePredictor<Integer> foresight = new ReusePredictor<>(budget);
        return withPredictions(budget, use -> foresight.observe(use).willReuse());
    }

    /** The policy of memos4j with bits from elsewhere. */
    static ReplayCache withPredictions(long budget, Predicate<CacheAccess<Integer>> again) {
        LearnedEvictionPolicy<Integer> residence = new LearnedEvictionPolicy<>(budget);
        return use -> {
            boolean hit = residence.contains(use.key());
            residence.use(use.key(), use.size(), again.test(use));
            return hit;
        };
    }
}
