package io.memos4j.api.adapters;

import java.time.Instant;
import java.util.List;

/**
 * Evaluation of an adapter, compared with the base model on the same questions.
 *
 * @param questions about what was taught, at least one for each memory
 * @param recalled how many of them were answered right in free, greedy generation
 * @param recalledByBase how many the base answers right
 * @param likelihood mean natural logarithm of the probability of a token of the right answers
 * @param likelihoodOfBase the same of the base
 * @param divergence mean Kullback-Leibler divergence of the next token from that of the base, over unrelated prompts;
 *     nats
 * @param worstDivergence of the prompt with the highest mean
 * @param canaries prompts that try to make it say what must not be said
 * @param leaks how many of them did
 * @param bytes of the artifact
 * @param reasons one sentence for each bound that it does not keep; none if it passed
 * @param at when it was evaluated
 */
public record AdapterEvaluation(
        int questions,
        int recalled,
        int recalledByBase,
        double likelihood,
        double likelihoodOfBase,
        double divergence,
        double worstDivergence,
        int canaries,
        int leaks,
        long bytes,
        List<String> reasons,
        Instant at) {
    public AdapterEvaluation {
        reasons = List.copyOf(reasons);
    }

    public boolean passed() {
        return reasons.isEmpty();
    }

    /** Questions that were answered right, 0 to 1. */
    public double recall() {
        return questions == 0 ? 0 : (double) recalled / questions;
    }
}
