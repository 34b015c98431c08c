package io.memos4j.runtime.llamacpp;

import io.memos4j.api.ErrorCode;
import io.memos4j.modelfiles.BaseModel;
import io.memos4j.modelfiles.ByteVocabulary;
import io.memos4j.modelfiles.GgufWriter;
import io.memos4j.modelfiles.LoraAdapter;
import io.memos4j.modelfiles.TensorType;
import io.memos4j.spi.runtime.ActivationHandle;
import io.memos4j.spi.runtime.ActivationOptions;
import io.memos4j.spi.runtime.ActivationRuntime;
import io.memos4j.spi.runtime.AdapterFiles;
import io.memos4j.spi.runtime.AdapterMix;
import io.memos4j.spi.runtime.AdapterMix.Part;
import io.memos4j.spi.runtime.AdapterSupport;
import io.memos4j.spi.runtime.GenerationOptions;
import io.memos4j.spi.runtime.LoadedAdapter;
import io.memos4j.testkit.SampleAdapters;
import io.memos4j.testkit.gguf.RandomLlama;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import static io.memos4j.testkit.FailureAssertions.refused;
import static org.assertj.core.api.Assertions.assertThat;

/** Requests for which llama.cpp would abort the process are refused. */
class AdapterBoundsTest {
    private static final int[] PROMPT = {1, 75, 104, 111, 111, 114};

    @TempDir
    private Path folder;

    /** 80 layers leave space in the graph for the most adapters, more layers for fewer. */
    @Test
    void asManyAdaptersAsItSaysFitTheGraph() throws IOException {
        assertThat(together(3)).isEqualTo(16);
        assertThat(together(80)).isEqualTo(16);
        assertThat(together(128)).isEqualTo(9);
        assertThat(together(200)).isEqualTo(4);
    }

    /** Returns the reported number of adapters, after computing with that many. */
    private int together(int layers) throws IOException {
        Path model = folder.resolve("model.gguf");
        new RandomLlama(layers, 32, 2, 1, 32, 256, TensorType.F32, 1, 1, "").write(model);
        LoraAdapter one = SampleAdapters.random(BaseModel.ofGguf(model), 1);
        try (ActivationRuntime runtime = open(model)) {
            AdapterSupport support = runtime.capabilities().adapters();
            assertThat(support.scaled()).isTrue();
            List<Part> parts = new ArrayList<>();
            for (int i = 0; i < support.together(); i++) {
                LoraAdapter adapter = SampleAdapters.sum(one, 1, one, i);
                parts.add(new Part(runtime.load(SampleAdapters.write(adapter, folder, "adapter")), 0.001));
            }
            try (ActivationHandle handle = runtime.prefill(PROMPT, new AdapterMix(parts))) {
                assertThat(handle.logits()).isNotEmpty();
            }
            return support.together();
        }
    }

    @Test
    void aModelWhoseMatricesAreLaidOutAnewTakesNoAdapters() throws IOException {
        Path model = folder.resolve("q4.gguf");
        writeQuantized(model);
        try (ActivationRuntime runtime = open(model);
                ActivationHandle handle = runtime.prefill(PROMPT)) {
            float[] before = handle.logits();
            assertThat(runtime.capabilities().adapters()).isEqualTo(AdapterSupport.NONE);
            AdapterFiles files =
                    SampleAdapters.write(SampleAdapters.random(BaseModel.ofGguf(model), 1), folder, "adapter");
            refused(ErrorCode.UNSUPPORTED, () -> runtime.load(files), "Q4_0", "Q8_0");
            assertThat(handle.logits()).containsExactly(before);
        }
    }

    @Test
    void adaptersComeAndGoWhileOthersCompute() throws Exception {
        BaseModel base = BaseModel.ofGguf(TestModels.tiny());
        AdapterFiles files = SampleAdapters.write(SampleAdapters.random(base, 1), folder, "adapter");
        try (LlamaCppRuntime runtime = LlamaCppRuntime.open(TestModels.options());
                ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            int[] plain = answer(runtime, AdapterMix.NONE);
            int[] taught;
            try (LoadedAdapter adapter = runtime.load(files)) {
                taught = answer(runtime, AdapterMix.of(adapter));
            }
            List<Future<Boolean>> running = new ArrayList<>();
            for (int i = 0; i < 3; i++) {
                Callable<Boolean> user = () -> {
                    for (int round = 0; round < 20; round++) {
                        try (LoadedAdapter adapter = runtime.load(files)) {
                            assertThat(answer(runtime, AdapterMix.of(adapter))).containsExactly(taught);
                        }
                    }
                    return true;
                };
                running.add(threads.submit(user));
            }
            for (int round = 0; round < 20; round++) {
                assertThat(answer(runtime, AdapterMix.NONE)).containsExactly(plain);
            }
            for (Future<Boolean> each : running) {
                assertThat(each.get()).isTrue();
            }
            assertThat(runtime.statistics().contextTokens()).isZero();
        }
    }

    private static int[] answer(ActivationRuntime runtime, AdapterMix mix) {
        try (ActivationHandle handle = runtime.prefill(PROMPT, mix)) {
            return handle.generate(GenerationOptions.greedy(8)).tokens();
        }
    }

    private static ActivationRuntime open(Path model) {
        return new LlamaCppProvider()
                .open(ActivationOptions.of(model).contextTokens(256).handles(2).threads(1));
    }

    /**
     * Writes a model of one layer whose matrices are zeros of type Q4_0: half-precision numbers of as many bytes,
     * relabeled.
     */
    private static void writeQuantized(Path file) throws IOException {
        int width = 256;
        GgufWriter gguf = new GgufWriter()
                .put("general.architecture", "llama")
                .put("general.file_type", 2)
                .put("llama.context_length", 256)
                .put("llama.embedding_length", width)
                .put("llama.block_count", 1)
                .put("llama.feed_forward_length", width)
                .put("llama.attention.head_count", 4)
                .put("llama.attention.layer_norm_rms_epsilon", 1e-5f)
                .put("llama.rope.dimension_count", width / 4);
        ByteVocabulary vocabulary = new ByteVocabulary("");
        vocabulary.put(gguf);
        List<String> matrices = List.of("attn_q", "attn_k", "attn_v", "attn_output", "ffn_gate", "ffn_up", "ffn_down");
        for (String name : List.of("blk.0.attn_norm", "blk.0.ffn_norm", "output_norm")) {
            gguf.tensor(name + ".weight", TensorType.F32, () -> 1, width);
        }
        for (String name : List.of("token_embd", "output")) {
            gguf.tensor(name + ".weight", TensorType.F32, () -> 1, width, vocabulary.size());
        }
        for (String name : matrices) {
            gguf.tensor("blk.0." + name + ".weight", TensorType.F16, () -> 0, width * 9 / 32, width);
        }
        gguf.write(file);
        ByteBuffer bytes = ByteBuffer.wrap(Files.readAllBytes(file)).order(ByteOrder.LITTLE_ENDIAN);
        String text = new String(bytes.array(), StandardCharsets.ISO_8859_1);
        for (String name : matrices) {
            String whole = "blk.0." + name + ".weight";
            int sides = text.indexOf(whole) + whole.length() + Integer.BYTES;
            bytes.putLong(sides, width).putInt(sides + 2 * Long.BYTES, 2);
        }
        Files.write(file, bytes.array());
    }
}
