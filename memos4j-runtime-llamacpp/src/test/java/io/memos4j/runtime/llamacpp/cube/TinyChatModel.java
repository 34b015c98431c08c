package io.memos4j.runtime.llamacpp.cube;

import io.memos4j.core.prompt.SystemPreamble;
import io.memos4j.modelfiles.ByteVocabulary;
import io.memos4j.modelfiles.HfModel;
import io.memos4j.modelfiles.TensorType;
import io.memos4j.spi.runtime.ActivationOptions;
import io.memos4j.spi.runtime.ActivationRuntime;
import io.memos4j.spi.runtime.ActivationRuntimeProvider;
import io.memos4j.spi.training.ComputeOptions;
import io.memos4j.spi.training.TrainingPlan;
import io.memos4j.testkit.gguf.RandomLlama;
import io.memos4j.testkit.runtime.TrainingDialogues;
import io.memos4j.trainer.pytorch.BaseModelShape;
import io.memos4j.trainer.pytorch.BaseModelTrainer;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ServiceLoader;

/**
 * A tiny base trained, from seeds only, on {@link TrainingDialogues}.
 *
 * @param folder in the layout of Hugging Face
 * @param gguf the same weights for llama.cpp
 */
record TinyChatModel(Path folder, Path gguf) {
    private static ActivationRuntimeProvider provider() {
        return ServiceLoader.load(ActivationRuntimeProvider.class).findFirst().orElseThrow();
    }

    static ActivationRuntime open(Path gguf) {
        return provider()
                .open(ActivationOptions.of(gguf)
                        .contextTokens(8_192)
                        .handles(16)
                        .threads(1));
    }

    static TinyChatModel trained(Path into) throws IOException {
        BaseModelShape shape =
                new BaseModelShape("llama", TrainingDialogues.VOCABULARY, 2, 96, 4, 2, 192, TrainingDialogues.CONTEXT);
        TrainingPlan plan = TrainingPlan.ofSteps(300).batch(8, 1).learningRate(6e-3);
        Path folder = into.resolve("base");
        new BaseModelTrainer(shape, plan, ComputeOptions.processor().threads(1))
                .train(TrainingDialogues.examples(provider(), into, SystemPreamble.TEXT), folder, progress -> true);
        Path gguf = into.resolve("base.gguf");
        HfModel.toGguf(folder, gguf, new ByteVocabulary(RandomLlama.CHATML), TensorType.F32);
        return new TinyChatModel(folder, gguf);
    }
}
