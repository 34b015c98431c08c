package io.memos4j.trainer.pytorch;

import io.memos4j.modelfiles.AtomicFolder;
import io.memos4j.modelfiles.SafetensorsWriter;
import io.memos4j.modelfiles.TensorType;
import io.memos4j.modelfiles.WeightSource;
import io.memos4j.spi.training.ComputeOptions;
import io.memos4j.spi.training.TrainingExample;
import io.memos4j.spi.training.TrainingPlan;
import io.memos4j.spi.training.TrainingProgress;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.function.Predicate;

/**
 * Trains a whole small model from a seed, with the code that trains adapters: a base for tests and measurements where
 * no weights are available. The same seed gives the same bytes on the same machine with the same number of threads.
 */
public final class BaseModelTrainer {
    private static final double SPREAD = 0.05;

    private final BaseModelShape shape;
    private final TrainingPlan plan;
    private final ComputeOptions compute;

    public BaseModelTrainer(BaseModelShape shape, TrainingPlan plan, ComputeOptions compute) {
        this.shape = shape;
        this.plan = plan;
        this.compute = compute;
    }

    /**
     * Trains a model and writes it in the format of Hugging Face.
     *
     * @param output folder of the model, must not exist yet
     * @param sink sees each step and decides whether to continue
     * @return the loss of the last step
     */
    public double train(List<TrainingExample> examples, Path output, Predicate<TrainingProgress> sink) {
        AtomicFolder.requireAbsent(output);
        TransformerConfig config = shape.config();
        TrainingBatches.check(examples, config);
        try (TorchThread thread = new TorchThread("memos4j-base-training", compute.threads())) {
            return thread.call(stopped -> {
                TensorPlacement placement = TensorPlacement.of(compute.precision(ComputeOptions.Precision.F32));
                try (ParameterVector row = ParameterVector.of(shape.tensors(), placement, filling());
                        AdamOptimizer adam = new AdamOptimizer(row, placement);
                        TorchTransformer model =
                                new TorchTransformer(config, placement, row, (layer, target) -> Optional.empty())) {
                    TrainingLoop.TrainingStart start = new TrainingLoop.TrainingStart(
                            TrainingLoop.TrainingState.BEGIN, TrainingLoop.StateSink.NONE);
                    TrainingLoop.TrainingState end =
                            new TrainingLoop(model, placement, adam, plan).run(examples, start, sink, stopped);
                    AtomicFolder.write(output, folder -> write(folder, row));
                    return end.curve().getLast().loss();
                }
            });
        }
    }

    private ParameterVector.ParameterInitializer filling() {
        SplittableRandom random = new SplittableRandom(plan.seed());
        return (name, sides) -> initialWeights(name, random);
    }

    /** The initial numbers: ones for norms, zeros for biases, normally distributed ones for matrices. */
    static WeightSource initialWeights(String name, SplittableRandom random) {
        if (name.endsWith("norm.weight")) {
            return () -> 1;
        }
        return name.endsWith(".bias") ? () -> 0 : () -> (float) random.nextGaussian(0, SPREAD);
    }

    private void write(Path folder, ParameterVector row) throws IOException {
        Files.writeString(folder.resolve(TransformerConfig.FILE), shape.json());
        SafetensorsWriter writer = new SafetensorsWriter().metadata("format", "pt");
        for (ParameterVector.ParameterSlice piece : row.pieces()) {
            long[] sides = piece.shape().stream().mapToLong(Long::longValue).toArray();
            writer.tensor(piece.name(), TensorType.F32, row.values(piece), sides);
        }
        writer.write(folder.resolve(ModelFolder.WEIGHTS));
    }
}
