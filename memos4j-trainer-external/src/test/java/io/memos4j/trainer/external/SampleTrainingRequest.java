package io.memos4j.trainer.external;

import io.memos4j.api.adapters.LoraShape;
import io.memos4j.api.adapters.LoraTarget;
import io.memos4j.modelfiles.BaseModel;
import io.memos4j.modelfiles.LoraAdapter;
import io.memos4j.modelfiles.LoraFactors;
import io.memos4j.modelfiles.LoraMatrix;
import io.memos4j.modelfiles.LoraScale;
import io.memos4j.modelfiles.SafetensorsWriter;
import io.memos4j.modelfiles.TensorType;
import io.memos4j.spi.training.TrainingExample;
import io.memos4j.spi.training.TrainingPlan;
import io.memos4j.spi.training.TrainingRequest;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.TreeMap;

/** A tiny base, a request for it, and adapters that fit. */
final class SampleTrainingRequest {
    static final LoraShape SHAPE = new LoraShape(4, 8, Set.of(LoraTarget.QUERY, LoraTarget.DOWN));
    static final int STEPS = 5;

    private SampleTrainingRequest() {}

    /** Writes a base of which only the sizes are read. */
    static Path base(Path folder) throws IOException {
        Files.createDirectories(folder);
        Files.writeString(folder.resolve("config.json"), """
                {"model_type":"llama","hidden_size":32,"intermediate_size":48,"num_hidden_layers":2,
                 "num_attention_heads":4,"num_key_value_heads":2,"vocab_size":260,
                 "rope_scaling":{"rope_type":"llama3","factor":8}}
                """);
        new SafetensorsWriter()
                .tensor("model.norm.weight", TensorType.F32, new float[32], 32)
                .write(folder.resolve("model.safetensors"));
        return folder;
    }

    static TrainingRequest request(Path folder) throws IOException {
        TrainingExample first = TrainingExample.answer(new int[] {1, 2}, new int[] {3});
        TrainingExample second = TrainingExample.answer(new int[] {4}, new int[] {5, 6});
        return TrainingRequest.of(
                        base(folder.resolve("base")),
                        folder.resolve("adapter"),
                        List.of(first.text("Where is \"home\"?", "Ulm\n"), second.text("Wer?", "Zoë")))
                .lora(SHAPE)
                .plan(TrainingPlan.ofSteps(STEPS).seed(17));
    }

    /** Writes an adapter of a shape for the base. */
    static void adapter(Path base, LoraShape shape, Path output) throws IOException {
        BaseModel model = BaseModel.ofFolder(base);
        SplittableRandom random = new SplittableRandom(3);
        Map<LoraMatrix, LoraFactors> factors = new TreeMap<>();
        for (LoraMatrix matrix : LoraMatrix.of(model, shape)) {
            factors.put(
                    matrix,
                    LoraFactors.of(
                            floats(random, shape.rank() * model.columns(matrix.target())),
                            floats(random, shape.rank() * model.rows(matrix.target()))));
        }
        LoraAdapter.of(model, LoraScale.of(shape), factors).writePeft(output, TensorType.F32);
    }

    private static float[] floats(SplittableRandom random, int count) {
        float[] floats = new float[count];
        for (int i = 0; i < count; i++) {
            floats[i] = (float) random.nextGaussian();
        }
        return floats;
    }
}
