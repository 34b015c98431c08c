package io.memos4j.trainer.pytorch;

import io.memos4j.modelfiles.FreshFolder;
import io.memos4j.modelfiles.Numbers;
import io.memos4j.modelfiles.SafetensorsWriter;
import io.memos4j.modelfiles.Weights;
import io.memos4j.spi.Compute;
import io.memos4j.spi.TrainingExample;
import io.memos4j.spi.TrainingPlan;
import io.memos4j.spi.TrainingProgress;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.function.Predicate;

/**
 * Trains a whole small model from a seed, with the code that trains adapters: what tests and measurements use as a base where no weights can
 * be had. The same seed gives the same bytes on the same machine with the same number of threads.
 */
public final class BaseTrainer {
    private static final double SPREAD = 0.05;

    private final BaseShape shape;
    private final TrainingPlan plan;
    private final Compute compute;

    public BaseTrainer(BaseShape shape, TrainingPlan plan, Compute compute) {
        this.shape = shape;
        this.plan = plan;
        this.compute = compute;
    }

    /**
     * Trains a model and writes it as Hugging Face does.
     *
     * @param output folder of the model, must not exist yet
     * @param sink sees each step and says whether to go on
     * @return the loss of the last step
     */
    public double train(List<TrainingExample> examples, Path output, Predicate<TrainingProgress> sink) {
        FreshFolder.require(output);
        ModelConfig config = shape.config();
        Batches.check(examples, config);
        try (TorchThread thread = new TorchThread("memos4j-base-training", compute.threads())) {
            return thread.call(stopped -> {
                Placement placement = Placement.of(compute.precision(Compute.Precision.F32));
                try (TrainableRow row = TrainableRow.of(shape.tensors(), placement, filling());
                        Adam adam = new Adam(row, placement);
                        Transformer model =
                                new Transformer(config, placement, row, (layer, target) -> Optional.empty())) {
                    Training.Start start = new Training.Start(Training.State.BEGIN, Training.Keeper.NONE);
                    Training.State end = new Training(model, placement, adam, plan).run(examples, start, sink, stopped);
                    FreshFolder.write(output, folder -> write(folder, row));
                    return end.curve().getLast().loss();
                }
            });
        }
    }

    private TrainableRow.Filling filling() {
        SplittableRandom random = new SplittableRandom(plan.seed());
        return (name, sides) -> first(name, random);
    }

    /** Norms begin with one, biases with zero, matrices with normal numbers. */
    static Weights first(String name, SplittableRandom random) {
        if (name.endsWith("norm.weight")) {
            return () -> 1;
        }
        return name.endsWith(".bias") ? () -> 0 : () -> (float) random.nextGaussian(0, SPREAD);
    }

    private void write(Path folder, TrainableRow row) throws IOException {
        Files.writeString(folder.resolve(ModelConfig.FILE), shape.json());
        SafetensorsWriter writer = new SafetensorsWriter().metadata("format", "pt");
        for (TrainableRow.Piece piece : row.pieces()) {
            long[] sides = piece.shape().stream().mapToLong(Long::longValue).toArray();
            writer.tensor(piece.name(), Numbers.F32, row.values(piece), sides);
        }
        writer.write(folder.resolve(ModelFolder.WEIGHTS));
    }
}
