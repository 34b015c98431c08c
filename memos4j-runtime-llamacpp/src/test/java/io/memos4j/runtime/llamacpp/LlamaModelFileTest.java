package io.memos4j.runtime.llamacpp;

import io.memos4j.api.ErrorCode;
import io.memos4j.api.MemoryException;
import io.memos4j.modelfiles.GgufFile;
import io.memos4j.modelfiles.GgufWriter;
import io.memos4j.modelfiles.TensorType;
import io.memos4j.spi.runtime.ActivationOptions;
import io.memos4j.spi.runtime.ActivationRuntime;
import io.memos4j.spi.runtime.KvCacheType;
import io.memos4j.spi.runtime.KvCacheTypes;
import io.memos4j.spi.runtime.ModelIdentity;
import io.memos4j.testkit.FailureAssertions;
import io.memos4j.testkit.gguf.RandomLlama;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.random.RandomGenerator;
import java.util.random.RandomGeneratorFactory;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import static org.assertj.core.api.Assertions.assertThat;

class LlamaModelFileTest {
    @TempDir
    private Path folder;

    @Test
    void theIdentityTellsModelsApart() throws IOException {
        ModelIdentity tiny = identity("tiny", RandomLlama.tiny(1));
        assertThat(identity("same", RandomLlama.tiny(1))).isEqualTo(tiny);
        assertThat(tiny.architecture()).isEqualTo("llama");
        assertThat(tiny.quantization()).isEqualTo("F32");
        assertThat(tiny.templateHash()).isEmpty();
        assertThat(tiny.shape().bytesPerToken(KvCacheTypes.of(KvCacheType.F16))).isEqualTo(3 * 2 * 128 * 2);
        assertThat(tiny.differences(identity("weights", RandomLlama.tiny(2))))
                .singleElement()
                .asString()
                .contains("model file");
        assertThat(tiny.differences(identity("template", RandomLlama.tiny(1).template("{{x}}"))))
                .anyMatch(reason -> reason.contains("chat template"))
                .noneMatch(reason -> reason.contains("tokenizer"));
        assertThat(tiny.differences(identity("half", RandomLlama.tiny(1).numbers(TensorType.F16))))
                .anyMatch(reason -> reason.contains("quantization is F32, not F16"));
    }

    @Test
    void aModelOfHalfPrecisionRuns() throws IOException {
        Path file = folder.resolve("half.gguf");
        RandomLlama.tiny(1).numbers(TensorType.F16).write(file);
        try (ActivationRuntime runtime = new LlamaCppProvider().open(ActivationOptions.of(file))) {
            assertThat(runtime.model().quantization()).isEqualTo("F16");
            runtime.prefill(new int[] {1, 2, 3}).close();
        }
    }

    @Test
    void aMissingFileOrOneOfAnotherKindIsRefused() throws IOException {
        refused(folder.resolve("missing.gguf"), "no such file");
        refused(folder, "no such file");
        refused(Files.writeString(folder.resolve("text"), "Once upon a time"), "not a GGUF file");
        refused(Files.write(folder.resolve("empty"), new byte[0]), "not a GGUF file");
    }

    @Test
    void aFileThatWasCutShortIsRefusedWhereverItWasCut() throws IOException {
        byte[] whole = Files.readAllBytes(TestModels.tiny());
        for (int length : new int[] {5, 20, 24, 100, 2_000, 8_000, 20_000, whole.length / 2, whole.length - 32}) {
            Path file = Files.write(folder.resolve("cut"), Arrays.copyOf(whole, length));
            refused(file, "truncated");
        }
    }

    @Test
    void aDamagedHeadIsRefusedOrHarmless() throws IOException {
        byte[] whole = Files.readAllBytes(TestModels.tiny());
        RandomGenerator random = RandomGeneratorFactory.of("L64X128MixRandom").create(4);
        for (int i = 0; i < 150; i++) {
            byte[] damaged = whole.clone();
            damaged[random.nextInt(10_000)] ^= (byte) (1 << random.nextInt(8));
            Path file = Files.write(folder.resolve("damaged"), damaged);
            try {
                GgufFile.identity(file);
            } catch (MemoryException e) {
                assertThat(e.code()).isEqualTo(ErrorCode.MODEL_UNREADABLE);
            }
        }
    }

    @Test
    void aModelThatLlamaDoesNotKnowIsRefusedWithItsReason() throws IOException {
        Path file = folder.resolve("other.gguf");
        new GgufWriter()
                .put("general.architecture", "nonesuch")
                .put("nonesuch.context_length", 64)
                .put("nonesuch.embedding_length", 32)
                .put("nonesuch.block_count", 1)
                .put("nonesuch.attention.head_count", 1)
                .put("tokenizer.ggml.model", "gpt2")
                .put("tokenizer.ggml.tokens", List.of("a", "b"))
                .tensor("token_embd.weight", TensorType.F32, () -> 1, 32, 2)
                .write(file);
        refused(file, "nonesuch");
    }

    @Test
    void aVocabularyThatCannotSpellEveryByteIsRefused() throws IOException {
        Path file = folder.resolve("bytes.gguf");
        new GgufWriter()
                .put("general.architecture", "llama")
                .put("tokenizer.ggml.model", "llama")
                .put("tokenizer.ggml.tokens", List.of("<unk>", "<0x00>", "a"))
                .tensor("token_embd.weight", TensorType.F32, () -> 1, 32, 3)
                .write(file);
        refused(file, "1 of the 256 tokens");
    }

    @Test
    void aPartOfAModelIsRefused() throws IOException {
        Path file = folder.resolve("part.gguf");
        new GgufWriter()
                .put("general.architecture", "llama")
                .put("split.count", 2)
                .tensor("token_embd.weight", TensorType.F32, () -> 1, 32, 3)
                .write(file);
        refused(file, "several parts");
    }

    @Test
    void aCacheThatDoesNotFitTheRowsIsRefused() throws IOException {
        Path file = folder.resolve("narrow.gguf");
        new RandomLlama(1, 160, 8, 8, 64, 256, TensorType.F32, 1, 1, "").write(file);
        FailureAssertions.refused(
                ErrorCode.INVALID_ARGUMENT,
                () -> new LlamaCppProvider().open(ActivationOptions.of(file).caches(KvCacheTypes.of(KvCacheType.Q8_0))),
                "Use F16");
        try (ActivationRuntime runtime = new LlamaCppProvider().open(ActivationOptions.of(file))) {
            runtime.prefill(new int[] {1, 2, 3}).close();
        }
    }

    private ModelIdentity identity(String name, RandomLlama model) throws IOException {
        Path file = folder.resolve(name);
        model.write(file);
        return GgufFile.identity(file);
    }

    private static void refused(Path file, String reason) {
        FailureAssertions.refused(
                ErrorCode.MODEL_UNREADABLE, () -> new LlamaCppProvider().open(ActivationOptions.of(file)), reason);
    }
}
