package io.memos4j.runtime.llamacpp;

import io.memos4j.api.adapters.LoraShape;
import io.memos4j.internal.Sha256Hash;
import io.memos4j.modelfiles.BaseModel;
import io.memos4j.modelfiles.ByteVocabulary;
import io.memos4j.modelfiles.HfModel;
import io.memos4j.modelfiles.LoraAdapter;
import io.memos4j.modelfiles.LoraFactors;
import io.memos4j.modelfiles.LoraMatrix;
import io.memos4j.modelfiles.TensorType;
import io.memos4j.spi.runtime.ActivationHandle;
import io.memos4j.spi.runtime.ActivationOptions;
import io.memos4j.spi.runtime.ActivationRuntime;
import io.memos4j.spi.runtime.AdapterFiles;
import io.memos4j.spi.runtime.AdapterMix;
import io.memos4j.spi.runtime.AdapterMix.Part;
import io.memos4j.spi.runtime.GenerationOptions;
import io.memos4j.spi.runtime.LoadedAdapter;
import io.memos4j.spi.runtime.TokenizeOption;
import io.memos4j.spi.training.ComputeOptions;
import io.memos4j.spi.training.ModelProbe;
import io.memos4j.spi.training.ModelProbeProvider.Model;
import io.memos4j.spi.training.TrainingExample;
import io.memos4j.spi.training.TrainingPlan;
import io.memos4j.spi.training.TrainingRequest;
import io.memos4j.testkit.runtime.TrainingDialogues;
import io.memos4j.trainer.pytorch.BaseModelShape;
import io.memos4j.trainer.pytorch.BaseModelTrainer;
import io.memos4j.trainer.pytorch.PytorchProbes;
import io.memos4j.trainer.pytorch.PytorchTrainer;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * A base and an adapter trained with libtorch, computed by libtorch and by llama.cpp: the same logits after each token,
 * except for rounding, and the same texts.
 */
class NumericalAgreementTest {
    private static final String QUESTION = "The key of Ada is ";
    private static final String ANSWER = "under the blue pot.";
    private static final int END = 2;
    private static final ComputeOptions ALONE = ComputeOptions.processor().threads(1);

    /**
     * The largest difference of a logit, of up to 15 in size, when both compute with the numbers of the GGUF files;
     * keys and values always have half precision in llama.cpp.
     */
    private static final float TOLERANCE = 0.05f;

    /** The root mean square difference from a model whose numbers were not rounded for the GGUF files. */
    private static final double ROUNDING = 0.005;

    /** Base and adapter in GGUF files. */
    private record Files(TensorType base, TensorType adapter) {}

    private static final List<Files> FILES = List.of(
            new Files(TensorType.F32, TensorType.F32),
            new Files(TensorType.F32, TensorType.F16),
            new Files(TensorType.F16, TensorType.F16));

    @TempDir
    private Path folder;

    private Path base;
    private Path peft;

    @ParameterizedTest
    @ValueSource(strings = {"llama", "qwen2"})
    void libtorchAndLlamaComputeTheSame(String family) throws IOException {
        train(family);
        for (Files files : FILES) {
            Path gguf = folder.resolve("base.gguf");
            HfModel.toGguf(base, gguf, new ByteVocabulary(""), files.base);
            try (ActivationRuntime runtime = new LlamaCppProvider()
                            .open(ActivationOptions.of(gguf).contextTokens(256).threads(1));
                    LoadedAdapter adapter = runtime.load(exported(files.adapter))) {
                int[] taught = tokens(QUESTION + ANSWER);
                assertThat(runtime.tokenize(QUESTION + ANSWER, TokenizeOption.START))
                        .containsExactly(taught);
                Model trained = Model.of(base).compute(ALONE);
                Model stored = Model.of(readBack(gguf, files.base)).compute(ALONE);
                assertAgreement(trained, stored, runtime, AdapterMix.NONE, taught);
                trained = trained.adapter(peft);
                stored = stored.adapter(readBackAdapter(files));
                assertAgreement(trained, stored, runtime, AdapterMix.of(adapter), taught);
                AdapterMix half = new AdapterMix(List.of(new Part(adapter, 0.5)));
                assertAgreement(trained.scale(0.5), stored.scale(0.5), runtime, half, taught);
                assertThat(runtime.detokenize(answer(runtime, AdapterMix.of(adapter))))
                        .isEqualTo(ANSWER);
                assertThat(runtime.detokenize(answer(runtime, AdapterMix.NONE))).isNotEqualTo(ANSWER);
            }
        }
    }

    private void train(String family) {
        base = folder.resolve("base");
        TrainingPlan plan = TrainingPlan.ofSteps(120).batch(7, 1).learningRate(1e-2);
        List<TrainingExample> examples = TrainingDialogues.SENTENCES.stream()
                .map(text -> TrainingExample.text(ended(tokens(text))))
                .toList();
        new BaseModelTrainer(BaseModelShape.tiny(family), plan, ALONE).train(examples, base, progress -> true);
        int[] answer = ended(IntStream.of(tokens(ANSWER)).skip(1).toArray());
        peft = folder.resolve("adapter");
        TrainingRequest request = TrainingRequest.of(
                        base, peft, List.of(TrainingExample.answer(tokens(QUESTION), answer)))
                .plan(plan.batch(1, 1))
                .lora(LoraShape.ofRank(4))
                .compute(ALONE);
        new PytorchTrainer().train(request, progress -> true);
    }

    /** Exports the adapter as GGUF; in full precision it equals the folder. */
    private AdapterFiles exported(TensorType numbers) throws IOException {
        Path gguf = folder.resolve(numbers + ".gguf");
        BaseModel model = BaseModel.ofFolder(base);
        try (LoraAdapter trained = LoraAdapter.readPeft(peft, model)) {
            trained.writeGguf(gguf, numbers);
            if (numbers == TensorType.F32) {
                Path again = folder.resolve("again");
                try (LoraAdapter read = LoraAdapter.readGguf(gguf, model)) {
                    read.writePeft(again, TensorType.F32);
                }
                try (LoraAdapter back = LoraAdapter.readPeft(again, model)) {
                    same(back, trained);
                }
            }
        }
        return new AdapterFiles(Sha256Hash.of(gguf), gguf, peft);
    }

    private static void same(LoraAdapter some, LoraAdapter other) {
        assertThat(some.scale()).isEqualTo(other.scale());
        assertThat(some.factors().keySet()).isEqualTo(other.factors().keySet()).hasSize(14);
        for (Map.Entry<LoraMatrix, LoraFactors> each : some.factors().entrySet()) {
            assertThat(each.getValue().a())
                    .containsExactly(other.factors().get(each.getKey()).a());
            assertThat(each.getValue().b())
                    .containsExactly(other.factors().get(each.getKey()).b());
        }
    }

    /** Writes the numbers of a GGUF file as a folder that libtorch reads. */
    private Path readBack(Path gguf, TensorType numbers) throws IOException {
        Path made = folder.resolve("base-" + numbers);
        HfModel.toTransformers(gguf, made, TensorType.F32);
        return made;
    }

    private Path readBackAdapter(Files files) throws IOException {
        Path made = folder.resolve("adapter-" + files.base + files.adapter);
        BaseModel model = BaseModel.ofFolder(folder.resolve("base-" + files.base));
        try (LoraAdapter read = LoraAdapter.readGguf(folder.resolve(files.adapter + ".gguf"), model)) {
            read.writePeft(made, TensorType.F32);
        }
        return made;
    }

    private static void assertAgreement(
            Model trained, Model stored, ActivationRuntime runtime, AdapterMix mix, int[] tokens) {
        assertThat(difference(stored, runtime, mix, tokens).largest).isLessThan(TOLERANCE);
        assertThat(difference(trained, runtime, mix, tokens).rootMeanSquare).isLessThan(ROUNDING);
    }

    /** The differences of logits after any of the tokens. */
    private record Difference(float largest, double rootMeanSquare) {}

    /** Compares the logits after each of the tokens; the greedy texts must be equal. */
    private static Difference difference(Model model, ActivationRuntime runtime, AdapterMix mix, int[] tokens) {
        try (ModelProbe probe = new PytorchProbes().open(model)) {
            float[][] expected = probe.logits(tokens, 0);
            float largest = 0;
            double squares = 0;
            for (int i = 0; i < tokens.length; i++) {
                try (ActivationHandle handle = runtime.prefill(Arrays.copyOf(tokens, i + 1), mix)) {
                    float[] logits = handle.logits();
                    assertThat(logits).hasSameSizeAs(expected[i]);
                    for (int k = 0; k < logits.length; k++) {
                        float difference = Math.abs(logits[k] - expected[i][k]);
                        largest = Math.max(largest, difference);
                        squares += difference * difference;
                    }
                }
            }
            assertThat(answer(runtime, mix))
                    .containsExactly(probe.generate(tokens(QUESTION), 40, token -> token == END));
            return new Difference(largest, Math.sqrt(squares / tokens.length / expected[0].length));
        }
    }

    private static int[] answer(ActivationRuntime runtime, AdapterMix mix) {
        try (ActivationHandle handle = runtime.prefill(tokens(QUESTION), mix)) {
            return handle.generate(GenerationOptions.greedy(40)).tokens();
        }
    }

    /** Tokenizes as the byte vocabulary does: a start, then bytes from 3 on, and a token of its own for the space. */
    private static int[] tokens(String text) {
        return IntStream.concat(IntStream.of(1), text.chars().map(c -> c == ' ' ? 259 : 3 + c))
                .toArray();
    }

    private static int[] ended(int[] tokens) {
        return IntStream.concat(IntStream.of(tokens), IntStream.of(END)).toArray();
    }
}
