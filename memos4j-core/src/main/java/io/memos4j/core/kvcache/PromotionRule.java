package io.memos4j.core.kvcache;

import io.memos4j.spi.kvcache.PromotionCandidate;
import java.time.Duration;
import java.time.Instant;
import java.util.Locale;

/**
 * Whether a memory should stand at the beginning of every prompt of its cube.
 *
 * <p>Recalled, a memory of t tokens costs share · t computed tokens a question; at the beginning it costs {@link #HELD}
 * · t, and when it changes, everything behind it is computed anew once. With q questions a day and c changes a day it
 * saves
 *
 * <pre>q · (share − HELD) · t − c · block   computed tokens a day</pre>
 *
 * where c is 1 / (days unchanged + 2), the chance of a change tomorrow by Laplace's rule of succession, and block is
 * what the beginning may hold. It is promoted if that is positive and it is asked for often enough; what stands there
 * already may be asked for less, so that it does not come and go.
 *
 * @param questionsPerDay lately
 * @param block tokens of the whole beginning
 * @param now the time of the decision
 */
record PromotionRule(double questionsPerDay, int block, Instant now) {
    /** What a token costs that need not be computed: room, attention, the eye of the model. */
    private static final double HELD = 0.1;

    private static final double SHARE_TO_COME = 0.2;
    private static final double SHARE_TO_STAY = 0.12;

    /** @param saves computed tokens a day; negative if it costs more */
    record Decision(boolean promoted, double savedTokens, String reason) {}

    /**
     * Decides on a memory.
     *
     * @param tokens what it costs in a prompt
     * @param standsThere whether it was promoted before
     */
    Decision decide(PromotionCandidate memory, int tokens, boolean standsThere) {
        double days = Math.max(0, Duration.between(memory.stableSince(), now).toHours() / 24.0);
        double saves = questionsPerDay * (memory.share() - HELD) * tokens - block / (days + 2);
        double least = standsThere ? SHARE_TO_STAY : SHARE_TO_COME;
        boolean promoted = saves > 0 && memory.share() >= least;
        String why = String.format(
                Locale.ROOT,
                "asked for in %.0f %% of %.1f questions a day and unchanged for %.0f days: its %d tokens at the beginning %s %.0f"
                        + " computed tokens a day",
                100 * memory.share(),
                questionsPerDay,
                days,
                tokens,
                saves > 0 ? "save" : "would cost",
                Math.abs(saves));
        return new Decision(promoted, saves, why);
    }
}
