package io.memos4j.api.adapters;

import io.memos4j.api.MemoryException;
import java.util.EnumSet;
import java.util.Set;

/**
 * The size of a low-rank adapter (Hu et al., LoRA: Low-Rank Adaptation of Large Language Models, 2021): to each target
 * W it adds {@code alpha / rank · B · A}, where A has {@code rank} rows and B as many columns.
 *
 * @param rank 1 to {@value #MAX_RANK}, at most the smaller side of every target
 * @param alpha above 0, at most {@value #MAX_SCALE} times the rank
 * @param targets which matrices of every layer, at least one
 */
public record LoraShape(int rank, double alpha, Set<LoraTarget> targets) {
    public static final int MAX_RANK = 256;
    public static final int MAX_SCALE = 256;

    public LoraShape {
        targets = Set.copyOf(targets);
        if (rank < 1 || rank > MAX_RANK) {
            throw MemoryException.invalid("rank must be 1 to " + MAX_RANK + " (was " + rank + ").");
        }
        if (!(alpha > 0 && alpha <= MAX_SCALE * rank)) {
            throw MemoryException.invalid(
                    "alpha must be above 0, at most " + MAX_SCALE + " times the rank (was " + alpha + ").");
        }
        if (targets.isEmpty()) {
            throw MemoryException.invalid("An adapter needs at least one target.");
        }
    }

    /** All targets, with an alpha of twice the rank. */
    public static LoraShape ofRank(int rank) {
        return new LoraShape(rank, 2.0 * rank, EnumSet.allOf(LoraTarget.class));
    }

    public LoraShape alpha(double newAlpha) {
        return new LoraShape(rank, newAlpha, targets);
    }

    public LoraShape targets(Set<LoraTarget> newTargets) {
        return new LoraShape(rank, alpha, newTargets);
    }

    /** Returns the factor of the product of B and A. */
    public double scale() {
        return alpha / rank;
    }
}
