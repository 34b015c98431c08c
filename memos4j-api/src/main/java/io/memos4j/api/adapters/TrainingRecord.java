package io.memos4j.api.adapters;

import java.time.Duration;
import java.util.List;

/**
 * Training record of an adapter. Hashes are SHA-256 in lower-case hexadecimal.
 *
 * @param trainer kind and version of the trainer
 * @param baseHash of the base model's {@code config.json} and weight files, in the order of their names
 * @param dataHash of the examples, see {@link io.memos4j.spi.training.TrainingExample#hashOf}
 * @param seed of the plan
 * @param steps changes of the weights
 * @param finalLoss of the last step, as in {@link io.memos4j.spi.training.TrainingProgress#loss}
 * @param curve losses of steps at even distances, at most {@value #MAX_POINTS}, the last step among them
 * @param tokens read, taught or not
 * @param duration of all steps, those before an interruption too
 */
public record TrainingRecord(
        String trainer,
        String baseHash,
        String dataHash,
        long seed,
        int steps,
        double finalLoss,
        List<LossPoint> curve,
        long tokens,
        Duration duration) {
    public static final int MAX_POINTS = 257;

    /**
     * The loss of one step.
     *
     * @param step from 1
     * @param loss as in {@link io.memos4j.spi.training.TrainingProgress#loss}
     */
    public record LossPoint(int step, double loss) {}

    public TrainingRecord {
        curve = List.copyOf(curve);
    }

    /** Tokens for each second of training. */
    public double tokensPerSecond() {
        return tokens / Math.max(1e-9, duration.toNanos() / 1e9);
    }
}
