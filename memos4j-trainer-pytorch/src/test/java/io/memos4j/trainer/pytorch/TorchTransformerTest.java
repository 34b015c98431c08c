package io.memos4j.trainer.pytorch;

import io.memos4j.modelfiles.TensorType;
import io.memos4j.spi.training.ComputeOptions.Precision;
import io.memos4j.spi.training.ModelProbe;
import io.memos4j.spi.training.ModelProbeProvider.Model;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.json.JsonMapper;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

/** The models compute what their plain description computes. */
class TorchTransformerTest {
    private static final int[] TOKENS = {1, 77, 104, 35, 200, 104, 77, 12, 259, 3, 3, 90};

    @TempDir
    Path folder;

    private ModelProbe open() {
        return new PytorchProbes().open(Model.of(folder).compute(ByteTokens.ALONE));
    }

    @ParameterizedTest
    @ValueSource(strings = {"llama", "qwen2", "qwen3"})
    void logitsAreThoseOfThePlainModel(String family) throws IOException {
        TinyBase.random(folder, BaseModelShape.tiny(family), 5);
        double[][] expected = new PlainTransformer(folder).logits(TOKENS);
        try (ModelProbe probe = open()) {
            float[][] logits = probe.logits(TOKENS, 0);
            assertThat(logits).hasDimensions(TOKENS.length, 260);
            for (int t = 0; t < TOKENS.length; t++) {
                for (int i = 0; i < expected[t].length; i++) {
                    assertThat((double) logits[t][i]).isEqualTo(expected[t][i], within(1e-4));
                }
            }
            assertThat(probe.logits(TOKENS, 9)[1]).containsExactly(logits[10], within(1e-5f));
        }
    }

    @Test
    void generationWithACacheSaysWhatWholeTextsSay() throws IOException {
        TinyBase.random(folder, BaseModelShape.tiny("qwen3"), 7);
        try (ModelProbe probe = open()) {
            int[] said = probe.generate(TOKENS, 20, token -> false);
            int[] text = TOKENS;
            for (int token : said) {
                float[] logits = probe.logits(text, text.length - 1)[0];
                for (float each : logits) {
                    assertThat(each).isLessThanOrEqualTo(logits[token] + 1e-4f);
                }
                text = Arrays.copyOf(text, text.length + 1);
                text[text.length - 1] = token;
            }
            assertThat(probe.generate(TOKENS, 20, token -> token == said[3])).hasSizeLessThanOrEqualTo(3);
        }
    }

    @Test
    void textsBeyondTheFirstTableOfPositionsAreRead() throws IOException {
        TinyBase.random(folder, BaseModelShape.tiny("llama"), 8);
        int[] tokens = new int[200];
        Arrays.setAll(tokens, i -> 3 + i * 7 % 256);
        double[][] expected = new PlainTransformer(folder).logits(tokens);
        try (ModelProbe probe = open()) {
            float[] last = probe.logits(tokens, 199)[0];
            for (int i = 0; i < last.length; i++) {
                assertThat((double) last[i]).isEqualTo(expected[199][i], within(1e-4));
            }
            assertThat(probe.generate(tokens, 1_000, token -> false)).hasSize(56);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"F16", "BF16"})
    void weightsOfSixteenBitsAreReadAndComputedInEither(String numbers) throws IOException {
        TinyBase.random(folder, BaseModelShape.tiny("llama"), 9, TensorType.valueOf(numbers));
        double[] expected = new PlainTransformer(folder).logits(TOKENS)[11];
        try (ModelProbe exact = open();
                ModelProbe rough = new PytorchProbes()
                        .open(Model.of(folder).compute(ByteTokens.ALONE.precision(Precision.BF16)))) {
            float[] wide = exact.logits(TOKENS, 11)[0];
            float[] narrow = rough.logits(TOKENS, 11)[0];
            double spread = Arrays.stream(expected).map(Math::abs).max().orElse(0);
            for (int i = 0; i < expected.length; i++) {
                assertThat((double) wide[i]).isEqualTo(expected[i], within(1e-4));
                assertThat((double) narrow[i]).isEqualTo(expected[i], within(spread / 10));
            }
        }
    }

    @Test
    void shardsAreReadWhereTheirIndexSays() throws IOException {
        TinyBase.random(folder, BaseModelShape.tiny("llama"), 5);
        double[] expected = new PlainTransformer(folder).logits(TOKENS)[11];
        Files.move(folder.resolve("model.safetensors"), folder.resolve("model-00001-of-00001.safetensors"));
        Files.writeString(
                folder.resolve("model.safetensors.index.json"),
                "{\"weight_map\":{\"lm_head.weight\":\"model-00001-of-00001.safetensors\"}}");
        try (ModelProbe probe = open()) {
            assertThat((double) probe.logits(TOKENS, 11)[0][5]).isEqualTo(expected[5], within(1e-4));
        }
    }

    @Test
    void stretchedPositionsAreThoseOfLlama31() throws IOException {
        double[] frequencies = RotaryScaling.parse(
                        new JsonMapper()
                                .readTree("{\"rope_theta\":500000,\"rope_scaling\":{\"rope_type\":\"llama3\","
                                        + "\"factor\":8,"
                                        + "\"low_freq_factor\":1,\"high_freq_factor\":4,\"origin"
                                        + "al_max_position_embeddings\":8192}}"),
                        128)
                .frequencies();
        double[] plain = RotaryScaling.plain(500_000, 128).frequencies();
        assertThat(frequencies[0]).isEqualTo(plain[0]);
        assertThat(frequencies[28]).isEqualTo(plain[28]);
        assertThat(frequencies[63]).isEqualTo(plain[63] / 8, within(1e-15));
        // The wave of pair 33 is about 5 450 positions long, so that its turns in 8 192 are between the two bounds.
        double turns = 8_192 * plain[33] / (2 * Math.PI);
        double share = (turns - 1) / 3;
        assertThat(frequencies[33]).isEqualTo((1 - share) * plain[33] / 8 + share * plain[33], within(1e-12));
    }
}
