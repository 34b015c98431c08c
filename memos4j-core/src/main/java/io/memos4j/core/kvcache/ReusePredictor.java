package io.memos4j.core.kvcache;

import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Predicts at each access to an artifact whether it will be used again before it is worth evicting, from the history of
 * the artifact and its session and the time of day.
 *
 * <p>A logistic regression over a few coarse features ({@link ReuseFeature}), updated online. The label is what an
 * optimal cache of this budget would have done between the previous access and this one ({@link OptGenLabeler}); a key
 * that does not come back within 8 budgets of traffic counts as one to evict. The initial prediction is "again", so an
 * untrained {@link LearnedEvictionPolicy} is LRU. Nothing is persisted.
 *
 * <p>A predictor serves one tier with one budget; a tier whose budget changes much needs a new one. Deterministic;
 * O(log n) per access; remembers {@value #MAX_KEYS} keys. Not thread-safe: callers lock.
 *
 * @param <K> identifies an artifact
 */
public final class ReusePredictor<K> {
    private static final int MAX_KEYS = 16_384;
    private static final int MAX_SESSIONS = 4_096;
    /**
     * The labeler leaves this fraction of the budget free: 1/{@value}. A needless "not again" costs one miss; a
     * needless "again" can cost a cacheful, because a cache full of expected entries has no choice left ("Succinct
     * Predictions": k - 1 against 1).
     */
    private static final int HEADROOM = 8;

    /** The lowest probability that is rounded to "again": above one half for the same reason. */
    private static final double THRESHOLD = .6;

    /** The initial log-odds: "again" with 73 %. */
    private static final double INITIAL_LOG_ODDS = 1;

    /**
     * Learning rates: they fall like AdaGrad's 1/√n, but not below the slowest, so that the predictor still follows a
     * change of habits after a year.
     */
    private static final double INITIAL_RATE = .5;

    private static final double LOWEST_RATE = .02;

    private final OptGenLabeler labeler;
    private final long budget;
    private final double[] weights = new double[ReuseFeature.STEPS_IN_ALL];
    private final int[] seen = new int[ReuseFeature.STEPS_IN_ALL];
    private double base = INITIAL_LOG_ODDS;
    private final Map<K, KeyHistory> keys = new LinkedHashMap<>();
    private final Map<String, SessionHistory> sessions = new LinkedHashMap<>();
    /** The keys whose last access waits for its label, longest wait first. */
    private final LinkedHashMap<K, KeyHistory> waiting = new LinkedHashMap<>();

    /**
     * Creates an untrained predictor.
     *
     * @param budget bytes of the tier it predicts for
     */
    public ReusePredictor(long budget) {
        this.budget = budget;
        labeler = new OptGenLabeler(budget - budget / HEADROOM);
    }

    /** Learns from an access and predicts whether there will be a next one. */
    public boolean observe(CacheAccess<K> use) {
        learn(use);
        SessionHistory session = session(use);
        KeyHistory key = keys.remove(use.key());
        if (key == null) {
            key = new KeyHistory();
        }
        keys.put(use.key(), key);
        key.record(use, labeler.time());
        session.record(use);
        int[] steps = ReuseFeature.extract(new ReuseFeature.Context(key, session, budget));
        key.awaitLabel(steps, labeler.time());
        waiting.put(use.key(), key);
        labeler.advance(use.size());
        evictOldest(keys, MAX_KEYS);
        return probability(steps) >= THRESHOLD;
    }

    private void learn(CacheAccess<K> use) {
        KeyHistory key = waiting.remove(use.key());
        if (key != null) {
            applyLabel(key, labeler.wouldKeep(key.lastTime(), use.size()));
        }
        for (var oldest = waiting.firstEntry();
                oldest != null && labeler.isTooOld(oldest.getValue().lastTime());
                oldest = waiting.firstEntry()) {
            waiting.pollFirstEntry();
            applyLabel(oldest.getValue(), false);
        }
    }

    private void applyLabel(KeyHistory key, boolean kept) {
        int[] steps = key.lastSteps();
        double error = (kept ? 1 : 0) - probability(steps);
        for (int step : steps) {
            seen[step]++;
            weights[step] += Math.max(LOWEST_RATE, INITIAL_RATE / Math.sqrt(seen[step])) * error;
        }
        base += LOWEST_RATE * error;
        key.addLabel(kept);
    }

    private double probability(int[] steps) {
        double odds = base;
        for (int step : steps) {
            odds += weights[step];
        }
        return 1 / (1 + Math.exp(-odds));
    }

    private SessionHistory session(CacheAccess<K> use) {
        SessionHistory session = sessions.remove(use.session());
        if (session == null) {
            session = new SessionHistory();
        }
        sessions.put(use.session(), session);
        evictOldest(sessions, MAX_SESSIONS);
        return session;
    }

    private static <T> void evictOldest(Map<T, ?> map, int max) {
        if (map.size() > max) {
            @Nullable T oldest = map.keySet().iterator().next();
            map.remove(oldest);
        }
    }
}
