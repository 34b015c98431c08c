package io.memos4j.core.kvcache;

import io.memos4j.spi.kvcache.PromotionCandidate;
import java.time.Duration;
import java.time.Instant;
import java.util.Locale;

/**
 * Decides whether a memory belongs in the prompt prefix of its cube.
 *
 * <p>A recalled memory of t tokens costs share · t computed tokens per question; in the prefix it costs
 * {@link #CACHED_TOKEN_COST} · t, and when it changes, everything behind it is computed again once. With q questions
 * and c changes per day, it saves
 *
 * <pre>q · (share − CACHED_TOKEN_COST) · t − c · block   computed tokens per day</pre>
 *
 * where c is 1 / (days unchanged + 2), the probability of a change tomorrow by Laplace's rule of succession, and block
 * is the capacity of the prefix. A memory is promoted if this is positive and it is asked for often enough; the
 * threshold for staying is lower than for promotion, so that memories do not come and go.
 *
 * @param questionsPerDay the recent rate
 * @param block tokens of the whole prefix
 * @param now the time of the decision
 */
record PromotionRule(double questionsPerDay, int block, Instant now) {
    /** The relative cost of a cached token: memory, attention, and the attention of the model. */
    private static final double CACHED_TOKEN_COST = 0.1;

    private static final double MIN_SHARE = 0.2;
    private static final double MIN_SHARE_TO_STAY = 0.12;

    /**
     * The decision about a memory.
     *
     * @param savedTokens computed tokens per day; negative if promotion costs more
     */
    record Decision(boolean promoted, double savedTokens, String reason) {}

    /**
     * Decides about a memory.
     *
     * @param tokens its cost in a prompt
     * @param promotedBefore whether it is promoted now
     */
    Decision decide(PromotionCandidate memory, int tokens, boolean promotedBefore) {
        double days = Math.max(0, Duration.between(memory.stableSince(), now).toHours() / 24.0);
        double saves = questionsPerDay * (memory.share() - CACHED_TOKEN_COST) * tokens - block / (days + 2);
        double least = promotedBefore ? MIN_SHARE_TO_STAY : MIN_SHARE;
        boolean promoted = saves > 0 && memory.share() >= least;
        String why = String.format(
                Locale.ROOT,
                "asked for in %.0f %% of %.1f questions a day and unchanged for %.0f days: its %d tokens"
                        + " at the beginning %s %.0f computed tokens a day",
                100 * memory.share(),
                questionsPerDay,
                days,
                tokens,
                saves > 0 ? "save" : "would cost",
                Math.abs(saves));
        return new Decision(promoted, saves, why);
    }
}
