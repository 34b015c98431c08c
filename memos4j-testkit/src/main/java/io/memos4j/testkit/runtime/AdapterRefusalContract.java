package io.memos4j.testkit.runtime;

import io.memos4j.api.ErrorCode;
import io.memos4j.api.adapters.LoraTarget;
import io.memos4j.internal.Sha256Hash;
import io.memos4j.modelfiles.BaseModel;
import io.memos4j.modelfiles.GgufWriter;
import io.memos4j.modelfiles.TensorType;
import io.memos4j.modelfiles.WeightSource;
import io.memos4j.spi.runtime.ActivationHandle;
import io.memos4j.spi.runtime.ActivationRuntime;
import io.memos4j.spi.runtime.AdapterFiles;
import io.memos4j.spi.runtime.AdapterMix;
import io.memos4j.spi.runtime.LoadedAdapter;
import io.memos4j.testkit.FailureAssertions;
import io.memos4j.testkit.SampleAdapters;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/** Contract of activation runtimes for adapter files: they refuse damaged ones, and then work on as before. */
public abstract class AdapterRefusalContract extends AdapterRuntimeContract {
    private ActivationRuntime runtime;
    private BaseModel base;
    private float[] before;

    @BeforeEach
    void openRuntime() {
        runtime = open();
        base = BaseModel.ofGguf(model());
        before = logits(AdapterMix.NONE);
    }

    /** Checks that the runtime still works. */
    @AfterEach
    void verifyRuntimeStillWorks() {
        assertThat(logits(AdapterMix.NONE)).containsExactly(before);
        AdapterFiles good = SampleAdapters.write(SampleAdapters.random(base, 1), folder, "good");
        try (LoadedAdapter adapter = runtime.load(good)) {
            assertThat(logits(AdapterMix.of(adapter))).isNotEqualTo(before);
        }
        runtime.close();
    }

    private float[] logits(AdapterMix mix) {
        try (ActivationHandle handle = runtime.prefill(runtime.tokenize("Alice ate soup."), mix)) {
            return handle.logits();
        }
    }

    @Test
    void anAdapterOfAnotherModelIsRefused() {
        BaseModel wider = new BaseModel(
                base.architecture(),
                base.layers(),
                2 * base.width(),
                base.heads(),
                base.cacheHeads(),
                2 * base.headWidth(),
                64);
        BaseModel deeper = new BaseModel(
                base.architecture(),
                base.layers() + 1,
                base.width(),
                base.heads(),
                base.cacheHeads(),
                base.headWidth(),
                base.feedForward());
        for (BaseModel other : List.of(wider, deeper)) {
            refused(
                    SampleAdapters.write(SampleAdapters.random(other, 1), folder, "other"),
                    "use it with the model that it was trained for");
        }
    }

    @Test
    void aFileThatWasCutShortIsRefused() throws IOException {
        AdapterFiles whole = SampleAdapters.write(SampleAdapters.random(base, 1), folder, "cut");
        Path tensors = whole.peft().resolve("adapter_model.safetensors");
        byte[] bytes = Files.readAllBytes(whole.gguf());
        byte[] others = Files.readAllBytes(tensors);
        for (double part : new double[] {0, 0.00002, 0.0005, 0.01, 0.5, 0.999}) {
            Files.write(whole.gguf(), Arrays.copyOf(bytes, (int) (part * bytes.length)));
            Files.write(tensors, Arrays.copyOf(others, (int) (part * others.length)));
            refused(files(whole.gguf(), whole.peft()), "cut.gguf");
        }
    }

    @Test
    void anotherFileThanTheOneThatWasNamedIsRefused() {
        AdapterFiles files = SampleAdapters.write(SampleAdapters.random(base, 1), folder, "named");
        AdapterFiles other = SampleAdapters.write(SampleAdapters.random(base, 2), folder, "exchanged");
        refused(new AdapterFiles(files.hash(), other.gguf(), other.peft()), "not " + files.hash());
        refused(new AdapterFiles("", other.gguf(), other.peft()), "its SHA-256 is " + other.hash());
    }

    @Test
    void numbersThatAreNoneAreRefused() {
        for (float bad : new float[] {Float.NaN, Float.POSITIVE_INFINITY, Float.NEGATIVE_INFINITY}) {
            refused(written(2, () -> bad), "has the number " + bad);
        }
    }

    @Test
    void aRankThatIsTooLargeIsRefused() {
        int side = Math.min(base.rows(LoraTarget.VALUE), base.columns(LoraTarget.VALUE));
        refused(written(side + 1, () -> 0.1f), "its rank is " + (side + 1));
        refused(written(257, () -> 0.1f), "its rank is 257");
    }

    @Test
    void whatIsNoAdapterIsRefused() throws IOException {
        Path folderOfNone = folder.resolve("none");
        Files.createDirectories(folderOfNone);
        refused(files(model(), folderOfNone), "no LoRA adapter");
        Path pickle = folderOfNone.resolve("adapter_model.bin");
        Files.write(pickle, new byte[] {(byte) 0x80, 2, '}', 'q', 0, '.', 0, 0, 0, 0});
        refused(files(pickle, folderOfNone), "is a pickle");
        Path archive = folderOfNone.resolve("adapter.pt");
        Files.write(archive, new byte[] {'P', 'K', 3, 4, 0, 0, 0, 0, 0, 0});
        refused(files(archive, folderOfNone), "is a pickle");
        Path text = Files.writeString(folderOfNone.resolve("adapter.gguf"), "an adapter, honestly");
        refused(files(text, folderOfNone), "not a GGUF file");
        refused(new AdapterFiles("0".repeat(64), folder.resolve("missing.gguf"), folderOfNone), "missing.gguf");
    }

    @Test
    void keysThatWouldEndTheProcessAreRefused() {
        Path file = folder.resolve("keys.gguf");
        write(keys().put("adapter.lora.alpha", "8"), 2, () -> 0.1f, file);
        refused(files(file, folder), "adapter.lora.alpha");
    }

    /** Writes an adapter of one matrix without checking it. */
    private AdapterFiles written(int rank, WeightSource weights) {
        Path file = folder.resolve("written.gguf");
        write(keys().put("adapter.lora.alpha", 8f), rank, weights, file);
        return files(file, folder);
    }

    /** Returns the metadata of an adapter, except for its alpha. */
    private GgufWriter keys() {
        return new GgufWriter()
                .put("general.architecture", base.architecture())
                .put("general.type", "adapter")
                .put("adapter.type", "lora");
    }

    private void write(GgufWriter writer, int rank, WeightSource weights, Path file) {
        try {
            writer.tensor("blk.0.attn_v.weight.lora_a", TensorType.F32, weights, base.columns(LoraTarget.VALUE), rank)
                    .tensor("blk.0.attn_v.weight.lora_b", TensorType.F32, weights, rank, base.rows(LoraTarget.VALUE))
                    .write(file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static AdapterFiles files(Path gguf, Path peft) {
        try {
            return new AdapterFiles(Sha256Hash.of(gguf), gguf, peft);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private void refused(AdapterFiles files, String reason) {
        FailureAssertions.refused(ErrorCode.ADAPTER_REFUSED, () -> runtime.load(files), reason);
    }
}
