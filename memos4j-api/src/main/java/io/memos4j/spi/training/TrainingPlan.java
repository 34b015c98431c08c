package io.memos4j.spi.training;

import io.memos4j.api.MemoryException;

/**
 * Duration and pace of a training.
 *
 * @param steps changes of the weights, 1 to {@value #MAX_STEPS}
 * @param batch examples that are computed together, 1 to {@value #MAX_BATCH}; memory grows with it
 * @param accumulation batches before each change, 1 to {@value #MAX_BATCH}; counts as one larger batch, but needs no
 *     more memory
 * @param learningRate of Adam at its highest, above 0, at most 1: it rises over the first twentieth of the steps and
 *     then falls evenly to a tenth
 * @param seed of the first weights and of the order of the examples
 * @param checkpointEvery steps from one checkpoint to the next, at least 1
 */
public record TrainingPlan(
        int steps, int batch, int accumulation, double learningRate, long seed, int checkpointEvery) {
    public static final int MAX_STEPS = 10_000_000;
    public static final int MAX_BATCH = 4_096;

    public TrainingPlan {
        check("steps", steps, MAX_STEPS);
        check("batch", batch, MAX_BATCH);
        check("accumulation", accumulation, MAX_BATCH);
        check("checkpointEvery", checkpointEvery, Integer.MAX_VALUE);
        if (!(learningRate > 0 && learningRate <= 1)) {
            throw MemoryException.invalid("learningRate must be above 0 and at most 1 (was " + learningRate + ").");
        }
    }

    private static void check(String name, int value, int most) {
        if (value < 1 || value > most) {
            throw MemoryException.invalid(name + " must be 1 to " + most + " (was " + value + ").");
        }
    }

    /** Batches of 4, no accumulation, a learning rate of 0.0005, a checkpoint every 50 steps. */
    public static TrainingPlan ofSteps(int steps) {
        return new TrainingPlan(steps, 4, 1, 5e-4, 1, 50);
    }

    /** As many steps as it takes to see each of so many examples {@code epochs} times. */
    public TrainingPlan epochs(int epochs, int examples) {
        long seen = Math.multiplyExact((long) epochs, (long) examples);
        return steps(Math.toIntExact(Math.ceilDiv(seen, (long) batch * accumulation)));
    }

    public TrainingPlan steps(int newSteps) {
        return new TrainingPlan(newSteps, batch, accumulation, learningRate, seed, checkpointEvery);
    }

    public TrainingPlan batch(int newBatch, int newAccumulation) {
        return new TrainingPlan(steps, newBatch, newAccumulation, learningRate, seed, checkpointEvery);
    }

    public TrainingPlan learningRate(double newLearningRate) {
        return new TrainingPlan(steps, batch, accumulation, newLearningRate, seed, checkpointEvery);
    }

    public TrainingPlan seed(long newSeed) {
        return new TrainingPlan(steps, batch, accumulation, learningRate, newSeed, checkpointEvery);
    }

    public TrainingPlan checkpointEvery(int newSteps) {
        return new TrainingPlan(steps, batch, accumulation, learningRate, seed, newSteps);
    }
}
