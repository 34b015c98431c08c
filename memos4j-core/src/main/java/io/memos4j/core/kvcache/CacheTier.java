package io.memos4j.core.kvcache;

import java.time.Instant;
import java.util.List;

/**
 * A cache tier with a budget, kept by {@link LearnedEvictionPolicy} with the predictions of {@link ReusePredictor}. Not
 * thread-safe: callers lock.
 */
final class CacheTier {
    private final long budget;
    private final LearnedEvictionPolicy<String> policy;
    private final ReusePredictor<String> predictor;

    /** @param budget in the unit of the sizes */
    CacheTier(long budget) {
        this.budget = budget;
        this.policy = new LearnedEvictionPolicy<>(budget);
        this.predictor = new ReusePredictor<>(Math.max(1, budget));
    }

    /**
     * Records an access to an entry, which is held from now on.
     *
     * @return the entries to evict; the entry itself if it is larger than the budget
     */
    List<String> use(String key, long size, String session, Instant now) {
        return policy.use(key, size, predictor.observe(new CacheAccess<>(key, size, session, now)));
    }

    boolean contains(String key) {
        return policy.contains(key);
    }

    void remove(String key) {
        policy.remove(key);
    }

    /**
     * Evicts about a quarter of the tier.
     *
     * @return the evicted entries
     */
    List<String> evictQuarter() {
        List<String> gone = policy.resize(policy.bytes() * 3 / 4);
        policy.resize(budget);
        return gone;
    }
}
