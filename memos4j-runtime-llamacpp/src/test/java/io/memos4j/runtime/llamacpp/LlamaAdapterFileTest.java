package io.memos4j.runtime.llamacpp;

import io.memos4j.api.adapters.LoraTarget;
import io.memos4j.modelfiles.BaseModel;
import io.memos4j.modelfiles.ByteVocabulary;
import io.memos4j.modelfiles.HfModel;
import io.memos4j.modelfiles.LoraAdapter;
import io.memos4j.modelfiles.LoraMatrix;
import io.memos4j.modelfiles.SafetensorsFile;
import io.memos4j.modelfiles.SafetensorsWriter;
import io.memos4j.modelfiles.TensorInfo;
import io.memos4j.modelfiles.TensorType;
import io.memos4j.spi.runtime.ActivationHandle;
import io.memos4j.spi.runtime.ActivationOptions;
import io.memos4j.spi.runtime.AdapterMix;
import io.memos4j.spi.runtime.AdapterMix.Part;
import io.memos4j.spi.runtime.LoadedAdapter;
import io.memos4j.testkit.SampleAdapters;
import io.memos4j.testkit.gguf.RandomLlama;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Files written in Java and computed by llama.cpp: the adapter beside the base, and the base with the adapter merged.
 */
class LlamaAdapterFileTest {
    /**
     * The largest difference of a logit, of about 1 in size. Measured: 0.0002 between the two models of llama.cpp,
     * 0.002 from the result in Java in double precision, whose cache does not have 11 bits, 0.004 with factors of half
     * precision.
     */
    private static final float TOLERANCE = 0.01f;

    /** The least change by the adapter, so that the tolerance means something. */
    private static final float CHANGE = 1;

    private static final int[] TOKENS = {1, 75, 104, 111, 111, 114, 35, 122, 114, 117, 111, 103};

    @TempDir
    private Path folder;

    private Path random;

    @BeforeEach
    void writeModel() throws IOException {
        random = folder.resolve("random.gguf");
        RandomLlama.tiny(7).write(random);
    }

    @Test
    void llamaComputesAnAdapterLikeAModelThatHasItInItsWeights() throws IOException {
        agrees("llama");
    }

    @Test
    void qwenComputesAnAdapterLikeAModelThatHasItInItsWeights() throws IOException {
        agrees("qwen2");
    }

    /** Compares one base as folder and as GGUF, with one adapter beside it and merged. */
    private void agrees(String architecture) throws IOException {
        Path hf = folder.resolve("hf");
        HfModel.toTransformers(random, hf, TensorType.F32);
        Path config = hf.resolve("config.json");
        Files.writeString(config, Files.readString(config).replace("\"llama\"", '"' + architecture + '"'));
        if (architecture.equals("qwen2")) {
            addBiases(hf);
        }
        Path base = folder.resolve("base.gguf");
        HfModel.toGguf(hf, base, new ByteVocabulary(""), TensorType.F32);
        LoraAdapter adapter = SampleAdapters.random(BaseModel.ofFolder(hf), 11);
        Path merged = folder.resolve("merged.gguf");
        HfModel.toGguf(merged(hf, adapter), merged, new ByteVocabulary(""), TensorType.F32);

        float[] inJava = floats(TransformersForward.logits(hf, adapter, TOKENS));
        float[] expected;
        try (LlamaCppRuntime runtime = open(merged)) {
            expected = logits(runtime);
        }
        try (LlamaCppRuntime runtime = open(base)) {
            float[] plain = logits(runtime);
            assertThat(largestDifference(plain, expected)).isGreaterThan(CHANGE);
            LoadedAdapter exact = runtime.load(SampleAdapters.write(adapter, folder, "exact", TensorType.F32));
            LoadedAdapter half = runtime.load(SampleAdapters.write(adapter, folder, "half", TensorType.F16));
            float[] taught = logits(runtime, new Part(exact, 1));
            assertThat(largestDifference(taught, expected)).isLessThan(TOLERANCE);
            assertThat(largestDifference(taught, inJava)).isLessThan(TOLERANCE);
            assertThat(largestDifference(logits(runtime, new Part(half, 1)), expected))
                    .isLessThan(TOLERANCE);
            assertThat(largestDifference(logits(runtime, new Part(exact, 0.5), new Part(half, 0.5)), expected))
                    .isLessThan(TOLERANCE);
            assertThat(logits(runtime)).containsExactly(plain);
        }
        if (architecture.equals("llama")) {
            try (LlamaCppRuntime original = open(random);
                    LlamaCppRuntime converted = open(base)) {
                assertThat(logits(converted)).containsExactly(logits(original));
            }
        }
    }

    /** Adds biases of Qwen2 to queries, keys and values. */
    private static void addBiases(Path hf) throws IOException {
        BaseModel base = BaseModel.ofFolder(hf);
        Random numbers = new Random(13);
        rewrite(hf, hf, (writer, tensor, values) -> {
            writer.tensor(tensor.name(), TensorType.F32, values, sides(tensor));
            for (LoraTarget target : new LoraTarget[] {LoraTarget.QUERY, LoraTarget.KEY, LoraTarget.VALUE}) {
                if (tensor.name().endsWith(target.path() + ".weight")) {
                    int rows = base.rows(target);
                    writer.tensor(
                            tensor.name().replace("weight", "bias"), TensorType.F32, floats(numbers, rows, 0.1f), rows);
                }
            }
        });
    }

    private Path merged(Path hf, LoraAdapter adapter) throws IOException {
        Path merged = folder.resolve("merged");
        Files.createDirectories(merged);
        Files.copy(hf.resolve("config.json"), merged.resolve("config.json"));
        rewrite(hf, merged, (writer, tensor, values) -> {
            for (LoraMatrix matrix : adapter.factors().keySet()) {
                String name =
                        "model.layers." + matrix.layer() + "." + matrix.target().path() + ".weight";
                if (name.equals(tensor.name())) {
                    float[] added = adapter.computeDelta(matrix);
                    for (int i = 0; i < values.length; i++) {
                        values[i] += added[i];
                    }
                }
            }
            writer.tensor(tensor.name(), TensorType.F32, values, sides(tensor));
        });
        return merged;
    }

    /** Changes a tensor in a copy. */
    private interface Rewriting {
        void write(SafetensorsWriter writer, TensorInfo tensor, float[] values);
    }

    private static void rewrite(Path from, Path to, Rewriting rewriting) throws IOException {
        SafetensorsWriter writer = new SafetensorsWriter();
        try (SafetensorsFile read = SafetensorsFile.open(from.resolve("model.safetensors"))) {
            read.tensors().forEach(tensor -> rewriting.write(writer, tensor, read.floats(tensor.name())));
        }
        writer.write(to.resolve("rewritten"));
        Files.move(to.resolve("rewritten"), to.resolve("model.safetensors"), StandardCopyOption.REPLACE_EXISTING);
    }

    private static long[] sides(TensorInfo tensor) {
        return tensor.shape().stream().mapToLong(Long::longValue).toArray();
    }

    private static float[] floats(Random numbers, int count, float deviation) {
        float[] floats = new float[count];
        for (int i = 0; i < count; i++) {
            floats[i] = (float) numbers.nextGaussian() * deviation;
        }
        return floats;
    }

    private static float[] floats(double[] values) {
        float[] floats = new float[values.length];
        for (int i = 0; i < floats.length; i++) {
            floats[i] = (float) values[i];
        }
        return floats;
    }

    private static LlamaCppRuntime open(Path model) {
        return LlamaCppRuntime.open(
                ActivationOptions.of(model).contextTokens(256).handles(2).threads(1));
    }

    private static float[] logits(LlamaCppRuntime runtime, Part... adapters) {
        try (ActivationHandle handle = runtime.prefill(TOKENS, new AdapterMix(List.of(adapters)))) {
            return handle.logits();
        }
    }

    private static float largestDifference(float[] some, float[] others) {
        assertThat(some).hasSameSizeAs(others);
        float largest = 0;
        for (int i = 0; i < some.length; i++) {
            largest = Math.max(largest, Math.abs(some[i] - others[i]));
        }
        return largest;
    }
}
