package io.memos4j.core;

import io.memos4j.api.LoraShape;
import io.memos4j.api.MemoryException;
import io.memos4j.spi.AdapterTrainer;
import io.memos4j.spi.Compute;
import io.memos4j.spi.TrainingPlan;
import java.nio.file.Path;

/**
 * How memories are taught to the model that answers.
 *
 * @param trainer makes adapters
 * @param base folder of the model in the layout of Hugging Face; the same weights as those that answer, before they were made smaller
 * @param lora size of an adapter
 * @param plan how fast; its steps follow from the examples and the epochs
 * @param epochs how often each example is seen, 1 to {@value #MAX_EPOCHS}
 * @param compute where
 * @param items memories that one adapter is taught, 1 to {@value #MAX_ITEMS}: what is erased later costs a training of so many
 * @param bounds what an adapter must keep to be used
 */
public record Learning(
        AdapterTrainer trainer,
        Path base,
        LoraShape lora,
        TrainingPlan plan,
        int epochs,
        Compute compute,
        int items,
        Bounds bounds) {
    public static final int MAX_EPOCHS = 10_000;
    public static final int MAX_ITEMS = 1_000;

    /**
     * What an adapter must keep to be used.
     *
     * @param recall least share of the questions about what was taught that are answered right, 0 to 1
     * @param divergence largest mean Kullback-Leibler divergence from the base on unrelated prompts, nats for each token
     * @param bytes largest artifact
     * @param together most adapters that answer one question, 1 to {@value #MOST_TOGETHER}
     */
    public record Bounds(double recall, double divergence, long bytes, int together) {
        public static final int MOST_TOGETHER = 8;

        /** Nine of ten questions, half a nat, 256 MiB, two at once. */
        public static final Bounds DEFAULT = new Bounds(0.9, 0.5, 256L << 20, 2);

        public Bounds {
            if (!(recall >= 0 && recall <= 1)) {
                throw MemoryException.invalid("recall is 0 to 1 (was " + recall + ").");
            }
            if (!(divergence > 0)) {
                throw MemoryException.invalid("divergence is above 0 (was " + divergence + ").");
            }
            if (bytes < 1) {
                throw MemoryException.invalid("bytes is at least 1 (was " + bytes + ").");
            }
            if (together < 1 || together > MOST_TOGETHER) {
                throw MemoryException.invalid("together is 1 to " + MOST_TOGETHER + " (was " + together + ").");
            }
        }
    }

    public Learning {
        if (epochs < 1 || epochs > MAX_EPOCHS) {
            throw MemoryException.invalid("epochs is 1 to " + MAX_EPOCHS + " (was " + epochs + ").");
        }
        if (items < 1 || items > MAX_ITEMS) {
            throw MemoryException.invalid("items is 1 to " + MAX_ITEMS + " (was " + items + ").");
        }
    }

    /** Adapters of rank 8 for 16 memories each, every example twenty times, on the processor. */
    public static Learning of(AdapterTrainer trainer, Path base) {
        return new Learning(
                trainer,
                base,
                LoraShape.ofRank(8),
                TrainingPlan.ofSteps(1).learningRate(1e-3),
                20,
                Compute.processor(),
                16,
                Bounds.DEFAULT);
    }

    public Learning lora(LoraShape newLora) {
        return new Learning(trainer, base, newLora, plan, epochs, compute, items, bounds);
    }

    public Learning plan(TrainingPlan newPlan) {
        return new Learning(trainer, base, lora, newPlan, epochs, compute, items, bounds);
    }

    public Learning epochs(int newEpochs) {
        return new Learning(trainer, base, lora, plan, newEpochs, compute, items, bounds);
    }

    public Learning compute(Compute newCompute) {
        return new Learning(trainer, base, lora, plan, epochs, newCompute, items, bounds);
    }

    public Learning items(int newItems) {
        return new Learning(trainer, base, lora, plan, epochs, compute, newItems, bounds);
    }

    public Learning bounds(Bounds newBounds) {
        return new Learning(trainer, base, lora, plan, epochs, compute, items, newBounds);
    }
}
