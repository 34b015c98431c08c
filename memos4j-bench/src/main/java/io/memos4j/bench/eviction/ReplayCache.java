package io.memos4j.bench.eviction;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import io.memos4j.core.kvcache.CacheAccess;
import io.memos4j.core.kvcache.LearnedEvictionPolicy;
import io.memos4j.core.kvcache.ReusePredictor;
import java.util.LinkedHashMap;
import java.util.function.Predicate;

/** A cache that replays a trace of requests. */
@FunctionalInterface
interface ReplayCache {
    /** Returns true if the artifact was in the cache; a miss may insert it. */
    boolean hit(CacheAccess<Integer> use);

    /** Evicts the least recently used artifact first. */
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

    /** Uses Caffeine (W-TinyLFU), by entries for equal sizes and by kilobytes otherwise; it may reject new entries. */
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

    /** Uses the policy of memos4j with learned predictions. */
    static ReplayCache learned(long budget) {
        ReusePredictor<Integer> predictor = new ReusePredictor<>(budget);
        return withPredictions(budget, predictor::observe);
    }

    /** Uses the policy of memos4j with given predictions. */
    static ReplayCache withPredictions(long budget, Predicate<CacheAccess<Integer>> again) {
        LearnedEvictionPolicy<Integer> residence = new LearnedEvictionPolicy<>(budget);
        return use -> {
            boolean hit = residence.contains(use.key());
            residence.use(use.key(), use.size(), again.test(use));
            return hit;
        };
    }
}
