package io.memos4j.spi.training;

import io.memos4j.api.MemoryException;
import io.memos4j.api.adapters.LoraShape;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/**
 * Request to train an adapter.
 *
 * @param base folder of the base model: {@code config.json} and safetensors, as Hugging Face writes them
 * @param output folder of the adapter, must not exist yet; appears when the adapter is complete
 * @param examples what is taught, 1 to {@value #MAX_EXAMPLES}; something of it must be taught
 * @param lora size of the adapter
 * @param plan how long and how fast
 * @param compute where
 * @param checkpoints folder in which an unfinished training is kept, emptied of it at the end; none keeps nothing
 * @param start folder of an adapter of the same size to start from; without one the training starts from an adapter
 *     that changes nothing
 */
public record TrainingRequest(
        Path base,
        Path output,
        List<TrainingExample> examples,
        LoraShape lora,
        TrainingPlan plan,
        ComputeOptions compute,
        Optional<Path> checkpoints,
        Optional<Path> start) {
    public static final int MAX_EXAMPLES = 1_000_000;

    public TrainingRequest {
        examples = List.copyOf(examples);
        if (examples.isEmpty() || examples.size() > MAX_EXAMPLES) {
            throw MemoryException.invalid(
                    "There must be 1 to " + MAX_EXAMPLES + " examples (there are " + examples.size() + ").");
        }
    }

    /** Attention and MLP at rank 8, the default plan, on the processor, without checkpoints. */
    public static TrainingRequest of(Path base, Path output, List<TrainingExample> examples) {
        return new TrainingRequest(
                base,
                output,
                examples,
                LoraShape.ofRank(8),
                TrainingPlan.ofSteps(100),
                ComputeOptions.processor(),
                Optional.empty(),
                Optional.empty());
    }

    public TrainingRequest lora(LoraShape newLora) {
        return new TrainingRequest(base, output, examples, newLora, plan, compute, checkpoints, start);
    }

    public TrainingRequest plan(TrainingPlan newPlan) {
        return new TrainingRequest(base, output, examples, lora, newPlan, compute, checkpoints, start);
    }

    public TrainingRequest compute(ComputeOptions newCompute) {
        return new TrainingRequest(base, output, examples, lora, plan, newCompute, checkpoints, start);
    }

    public TrainingRequest checkpoints(Path folder) {
        return new TrainingRequest(base, output, examples, lora, plan, compute, Optional.of(folder), start);
    }

    public TrainingRequest start(Path adapter) {
        return new TrainingRequest(base, output, examples, lora, plan, compute, checkpoints, Optional.of(adapter));
    }
}
