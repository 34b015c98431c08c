package io.memos4j.core.kvcache;

import java.time.Instant;
import java.util.List;

/**
 * What stays in a place with a budget, by {@link LearnedEvictionPolicy} and the foresight of {@link ReusePredictor}.
 * Not thread-safe: callers lock.
 */
final class CacheTier {
    private final long budget;
    private final LearnedEvictionPolicy<String> residence;
    private final ReusePredictor<String> foresight;

    /** @param budget in whatever unit sizes have */
    CacheTier(long budget) {
        this.budget = budget;
        this.residence = new LearnedEvictionPolicy<>(budget);
        this.foresight = new ReusePredictor<>(Math.max(1, budget));
    }

    /** Uses an entry, which stays from now on; what is to go. It is the entry itself if it is larger than all. */
    List<String> use(String key, long size, String session, Instant now) {
        boolean again =
                foresight.observe(new CacheAccess<>(key, size, session, now)).willReuse();
        return residence.use(key, size, again);
    }

    boolean contains(String key) {
        return residence.contains(key);
    }

    void remove(String key) {
        residence.remove(key);
    }

    /** What to give up first if a quarter must go. */
    List<String> evictQuarter() {
        List<String> gone = residence.resize(residence.bytes() * 3 / 4);
        residence.resize(budget);
        return gone;
    }
}
