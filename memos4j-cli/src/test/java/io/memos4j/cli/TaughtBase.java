package io.memos4j.cli;

import io.memos4j.modelfiles.ByteVocabulary;
import io.memos4j.modelfiles.HfModel;
import io.memos4j.modelfiles.TensorType;
import io.memos4j.spi.training.ComputeOptions;
import io.memos4j.spi.training.TrainingExample;
import io.memos4j.spi.training.TrainingPlan;
import io.memos4j.testkit.gguf.RandomLlama;
import io.memos4j.trainer.pytorch.BaseModelShape;
import io.memos4j.trainer.pytorch.BaseModelTrainer;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;

/**
 * A base as small as can be, for one who does not care what it says.
 *
 * @param folder in the layout of Hugging Face
 * @param gguf the same weights for llama.cpp
 */
record TaughtBase(Path folder, Path gguf) {
    static TaughtBase written(Path into) throws IOException {
        BaseModelShape shape = new BaseModelShape("llama", 262, 1, 32, 2, 1, 64, 512);
        Path folder = into.resolve("base");
        new BaseModelTrainer(
                        shape,
                        TrainingPlan.ofSteps(1),
                        ComputeOptions.processor().threads(1))
                .train(List.of(TrainingExample.text(new int[] {70, 71, 72})), folder, progress -> true);
        Path gguf = into.resolve("base.gguf");
        HfModel.toGguf(folder, gguf, new ByteVocabulary(RandomLlama.CHATML), TensorType.F32);
        return new TaughtBase(folder, gguf);
    }
}
