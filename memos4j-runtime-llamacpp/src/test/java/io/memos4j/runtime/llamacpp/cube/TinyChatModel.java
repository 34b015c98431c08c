package io.memos4j.runtime.llamacpp.cube;

import io.memos4j.core.prompt.Opening;
import io.memos4j.modelfiles.ByteVocabulary;
import io.memos4j.modelfiles.HfModel;
import io.memos4j.modelfiles.Numbers;
import io.memos4j.spi.ActivationOptions;
import io.memos4j.spi.ActivationRuntime;
import io.memos4j.spi.ActivationRuntimeProvider;
import io.memos4j.spi.Compute;
import io.memos4j.spi.TrainingPlan;
import io.memos4j.testkit.SmallTalk;
import io.memos4j.testkit.gguf.RandomLlama;
import io.memos4j.trainer.pytorch.BaseShape;
import io.memos4j.trainer.pytorch.BaseTrainer;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ServiceLoader;

/**
 * A tiny base that was trained, from nothing but seeds, to hold {@link SmallTalk}.
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
        BaseShape shape = new BaseShape("llama", SmallTalk.VOCABULARY, 2, 96, 4, 2, 192, SmallTalk.CONTEXT);
        TrainingPlan plan = TrainingPlan.ofSteps(300).batch(8, 1).learningRate(6e-3);
        Path folder = into.resolve("base");
        new BaseTrainer(shape, plan, Compute.processor().threads(1))
                .train(SmallTalk.examples(provider(), into, Opening.TEXT), folder, progress -> true);
        Path gguf = into.resolve("base.gguf");
        HfModel.toGguf(folder, gguf, new ByteVocabulary(RandomLlama.CHATML), Numbers.F32);
        return new TinyChatModel(folder, gguf);
    }
}
