package io.memos4j.core.kvcache;

import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Predicts at each use of an artifact whether it will be used again before it is worth evicting, from what its uses,
 * its session and the hour say.
 *
 * <p>A logistic regression over a few observations in coarse steps ({@link ReuseFeature}), learned at each use. The
 * label is what an optimal cache of this budget would have done between the previous use and this one
 * ({@link OptGenLabeler}); a key that does not come back within 8 budgets of traffic counts as one that should have
 * gone. It starts with "again", so an untaught {@link LearnedEvictionPolicy} is LRU. Nothing is stored.
 *
 * <p>One predicts for one tier of one budget; a tier that changes its budget much takes a new one. Deterministic; O(log
 * n) a use, and {@value #KEYS} keys are remembered. Not thread-safe: callers lock.
 *
 * @param <K> names an artifact
 */
public final class ReusePredictor<K> {
    private static final int KEYS = 16_384;
    private static final int SESSIONS = 4_096;
    /**
     * The share of the budget, as one of so many, that labels leave free. A needless "not again" costs a miss; a
     * needless "again" can cost a cacheful, since a cache full of what is expected has no choice left ("Succinct
     * Predictions", k - 1 against 1).
     */
    private static final int HEADROOM = 8;

    /** From this probability on the bit is "again": more than half for the same reason. */
    private static final double ENOUGH = .6;

    /** Log-odds before anything is learned: "again" with 73 %. */
    private static final double FIRST_GUESS = 1;

    /**
     * Weights move by this share of an error at first, then less (AdaGrad's 1/√n), never below the slowest: so it still
     * follows a change of habits after a year.
     */
    private static final double FASTEST = .5;

    private static final double SLOWEST = .02;

    private final OptGenLabeler hindsight;
    private final long budget;
    private final double[] weights = new double[ReuseFeature.STEPS_IN_ALL];
    private final int[] seen = new int[ReuseFeature.STEPS_IN_ALL];
    private double base = FIRST_GUESS;
    private final Map<K, KeyHistory> keys = new LinkedHashMap<>();
    private final Map<String, SessionHistory> sessions = new LinkedHashMap<>();
    /** Keys whose last use waits for its label, the longest first. */
    private final LinkedHashMap<K, KeyHistory> waiting = new LinkedHashMap<>();

    /**
     * Creates one that knows nothing yet.
     *
     * @param budget of the tier it predicts for, bytes
     */
    public ReusePredictor(long budget) {
        this.budget = budget;
        hindsight = new OptGenLabeler(budget - budget / HEADROOM);
    }

    /** Learns from a use and predicts the next one. */
    public ReusePrediction observe(CacheAccess<K> use) {
        learn(use);
        SessionHistory session = session(use);
        KeyHistory key = keys.remove(use.key());
        if (key == null) {
            key = new KeyHistory();
        }
        keys.put(use.key(), key);
        key.record(use, hindsight.time());
        session.record(use);
        int[] steps = ReuseFeature.extract(new ReuseFeature.Context(key, session, budget));
        key.awaitLabel(steps, hindsight.time());
        waiting.put(use.key(), key);
        hindsight.advance(use.size());
        evictOldest(keys, KEYS);
        return predict(key, steps);
    }

    /** Forgets an artifact that is gone. */
    public void remove(K key) {
        keys.remove(key);
        waiting.remove(key);
    }

    private void learn(CacheAccess<K> use) {
        KeyHistory key = waiting.remove(use.key());
        if (key != null) {
            applyLabel(key, hindsight.wouldKeep(key.lastTime(), use.size()));
        }
        for (var oldest = waiting.firstEntry();
                oldest != null && hindsight.isTooOld(oldest.getValue().lastTime());
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
            weights[step] += Math.max(SLOWEST, FASTEST / Math.sqrt(seen[step])) * error;
        }
        base += SLOWEST * error;
        key.addLabel(kept);
    }

    private double probability(int[] steps) {
        double odds = base;
        for (int step : steps) {
            odds += weights[step];
        }
        return 1 / (1 + Math.exp(-odds));
    }

    private ReusePrediction predict(KeyHistory key, int[] steps) {
        double probability = probability(steps);
        boolean again = probability >= ENOUGH;
        int strongest = -1;
        double most = 0;
        for (int i = 0; i < steps.length; i++) {
            double support = again ? weights[steps[i]] : -weights[steps[i]];
            if (support > most) {
                most = support;
                strongest = i;
            }
        }
        String reason = strongest < 0
                ? "nothing speaks against the first guess"
                : ReuseFeature.values()[strongest].describe(key);
        return new ReusePrediction(
                again, probability, (again ? "Likely used again: " : "Hardly used again: ") + reason + ".");
    }

    private SessionHistory session(CacheAccess<K> use) {
        SessionHistory session = sessions.remove(use.session());
        if (session == null) {
            session = new SessionHistory();
        }
        sessions.put(use.session(), session);
        evictOldest(sessions, SESSIONS);
        return session;
    }

    private static <T> void evictOldest(Map<T, ?> map, int most) {
        if (map.size() > most) {
            @Nullable T oldest = map.keySet().iterator().next();
            map.remove(oldest);
        }
    }
}
