package io.memos4j.trainer.pytorch;

import io.memos4j.modelfiles.SafetensorsWriter;
import io.memos4j.modelfiles.TensorType;
import io.memos4j.spi.training.TrainingExample;
import io.memos4j.spi.training.TrainingPlan;
import io.memos4j.testkit.runtime.TrainingDialogues;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;

/** Writes tiny bases as Hugging Face folders, trained or random. */
final class TinyBase {
    private TinyBase() {}

    /** Writes a base that was trained on {@link TrainingDialogues#SENTENCES}; returns its loss. */
    static double trained(Path folder, String family) {
        List<TrainingExample> examples =
                TrainingDialogues.SENTENCES.stream().map(ByteTokens::text).toList();
        TrainingPlan plan = TrainingPlan.ofSteps(120).batch(7, 1).learningRate(1e-2);
        return new BaseModelTrainer(BaseModelShape.tiny(family), plan, ByteTokens.ALONE)
                .train(examples, folder, progress -> true);
    }

    /** Writes a base with random weights, norms and biases included. */
    static Path random(Path folder, BaseModelShape shape, long seed) throws IOException {
        return random(folder, shape, seed, TensorType.F32);
    }

    static Path random(Path folder, BaseModelShape shape, long seed, TensorType numbers) throws IOException {
        SplittableRandom random = new SplittableRandom(seed);
        SafetensorsWriter writer = new SafetensorsWriter();
        for (Map.Entry<String, long[]> tensor : shape.tensors().entrySet()) {
            float[] values = new float[(int) Arrays.stream(tensor.getValue()).reduce(1, (left, right) -> left * right)];
            boolean norm = tensor.getKey().endsWith("norm.weight");
            for (int i = 0; i < values.length; i++) {
                values[i] = norm ? (float) random.nextDouble(0.5, 1.5) : (float) random.nextGaussian(0, 0.2);
            }
            writer.tensor(tensor.getKey(), numbers, values, tensor.getValue());
        }
        Files.createDirectories(folder);
        Files.writeString(folder.resolve(TransformerConfig.FILE), shape.json());
        writer.write(folder.resolve(ModelFolder.WEIGHTS));
        return folder;
    }
}
