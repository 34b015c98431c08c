package io.memos4j.core;

import io.memos4j.api.MemoryException;
import io.memos4j.api.adapters.LoraShape;
import io.memos4j.spi.training.AdapterTrainer;
import io.memos4j.spi.training.ComputeOptions;
import io.memos4j.spi.training.TrainingPlan;
import java.nio.file.Path;

/**
 * Training of the model that answers on memories, by LoRA adapters. Immutable.
 *
 * @param trainer trains adapters
 * @param base folder of the model in the layout of Hugging Face, with the weights from which the answering model was
 *     quantized
 * @param lora rank and layers of an adapter
 * @param plan learning rate and schedule; the number of steps follows from the examples and the epochs
 * @param epochs passes over the examples, 1 to {@value #MAX_EPOCHS}
 * @param compute the device
 * @param itemsPerAdapter the most memories that one adapter is trained on, 1 to {@value #MAX_ITEMS}; erasing one of
 *     them later costs a training on the others
 * @param bounds what an adapter must satisfy to be used
 */
public record TrainingConfig(
        AdapterTrainer trainer,
        Path base,
        LoraShape lora,
        TrainingPlan plan,
        int epochs,
        ComputeOptions compute,
        int itemsPerAdapter,
        AcceptanceBounds bounds) {
    public static final int MAX_EPOCHS = 10_000;
    public static final int MAX_ITEMS = 1_000;

    /**
     * The bounds that an adapter must satisfy to be used.
     *
     * @param minRecall least share of questions about its memories that it answers correctly, 0 to 1
     * @param maxDivergence largest mean Kullback-Leibler divergence from the base model on unrelated prompts, in nats
     *     per token
     * @param maxBytes largest artifact
     * @param maxTogether the most adapters that answer one question together, 1 to {@value #MOST_TOGETHER}
     */
    public record AcceptanceBounds(double minRecall, double maxDivergence, long maxBytes, int maxTogether) {
        public static final int MOST_TOGETHER = 8;

        /** Nine of ten questions, half a nat, 256 MiB, two adapters together. */
        public static final AcceptanceBounds DEFAULT = new AcceptanceBounds(0.9, 0.5, 256L << 20, 2);

        public AcceptanceBounds {
            if (!(minRecall >= 0 && minRecall <= 1)) {
                throw MemoryException.invalid("recall is 0 to 1 (was " + minRecall + ").");
            }
            if (!(maxDivergence > 0)) {
                throw MemoryException.invalid("divergence is above 0 (was " + maxDivergence + ").");
            }
            if (maxBytes < 1) {
                throw MemoryException.invalid("bytes is at least 1 (was " + maxBytes + ").");
            }
            if (maxTogether < 1 || maxTogether > MOST_TOGETHER) {
                throw MemoryException.invalid("together is 1 to " + MOST_TOGETHER + " (was " + maxTogether + ").");
            }
        }
    }

    public TrainingConfig {
        if (epochs < 1 || epochs > MAX_EPOCHS) {
            throw MemoryException.invalid("epochs is 1 to " + MAX_EPOCHS + " (was " + epochs + ").");
        }
        if (itemsPerAdapter < 1 || itemsPerAdapter > MAX_ITEMS) {
            throw MemoryException.invalid("items is 1 to " + MAX_ITEMS + " (was " + itemsPerAdapter + ").");
        }
    }

    /** Adapters of rank 8 for 16 memories each, twenty epochs, on the CPU. */
    public static TrainingConfig of(AdapterTrainer trainer, Path base) {
        return new TrainingConfig(
                trainer,
                base,
                LoraShape.ofRank(8),
                TrainingPlan.ofSteps(1).learningRate(1e-3),
                20,
                ComputeOptions.processor(),
                16,
                AcceptanceBounds.DEFAULT);
    }

    public TrainingConfig lora(LoraShape newLora) {
        return new TrainingConfig(trainer, base, newLora, plan, epochs, compute, itemsPerAdapter, bounds);
    }

    public TrainingConfig plan(TrainingPlan newPlan) {
        return new TrainingConfig(trainer, base, lora, newPlan, epochs, compute, itemsPerAdapter, bounds);
    }

    public TrainingConfig epochs(int newEpochs) {
        return new TrainingConfig(trainer, base, lora, plan, newEpochs, compute, itemsPerAdapter, bounds);
    }

    public TrainingConfig compute(ComputeOptions newCompute) {
        return new TrainingConfig(trainer, base, lora, plan, epochs, newCompute, itemsPerAdapter, bounds);
    }

    public TrainingConfig itemsPerAdapter(int newItems) {
        return new TrainingConfig(trainer, base, lora, plan, epochs, compute, newItems, bounds);
    }

    public TrainingConfig bounds(AcceptanceBounds newBounds) {
        return new TrainingConfig(trainer, base, lora, plan, epochs, compute, itemsPerAdapter, newBounds);
    }
}
