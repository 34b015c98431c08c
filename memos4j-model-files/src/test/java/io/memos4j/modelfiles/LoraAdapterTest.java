package io.memos4j.modelfiles;

import io.memos4j.api.adapters.LoraTarget;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

class LoraAdapterTest {
    /** Half a unit in the last of the 11 bits of F16. */
    private static final float HALF_PRECISION = 0x1p-11f;

    @TempDir
    private Path folder;

    @Test
    void anAdapterSurvivesBothFormatsExactly() throws IOException {
        for (BaseModel base : new BaseModel[] {RandomAdapters.LLAMA, RandomAdapters.QWEN}) {
            LoraAdapter adapter = RandomAdapters.random(base, 1);
            Path peft = folder.resolve("peft-" + base.architecture());
            Path gguf = folder.resolve(base.architecture() + ".gguf");
            Path again = folder.resolve("again-" + base.architecture());
            adapter.writePeft(peft, TensorType.F32);
            try (LoraAdapter read = LoraAdapter.readPeft(peft, base)) {
                same(read, adapter, 0);
                read.writeGguf(gguf, TensorType.F32);
            }
            try (LoraAdapter read = LoraAdapter.readGguf(gguf, base)) {
                same(read, adapter, 0);
                read.writePeft(again, TensorType.F32);
            }
            for (String name : new String[] {"adapter_model.safetensors", "adapter_config.json"}) {
                assertThat(again.resolve(name)).hasSameBinaryContentAs(peft.resolve(name));
            }
        }
    }

    @Test
    void halfPrecisionRoundsEachNumberByAtMostHalfAUnit() throws IOException {
        LoraAdapter adapter = RandomAdapters.random(RandomAdapters.LLAMA, 2);
        Path gguf = folder.resolve("half.gguf");
        adapter.writeGguf(gguf, TensorType.F16);
        try (LoraAdapter read = LoraAdapter.readGguf(gguf, RandomAdapters.LLAMA)) {
            same(read, adapter, HALF_PRECISION);
            Path exact = folder.resolve("exact.gguf");
            read.writeGguf(exact, TensorType.F32);
            try (LoraAdapter wide = LoraAdapter.readGguf(exact, RandomAdapters.LLAMA)) {
                same(wide, read, 0);
            }
        }
    }

    @Test
    void rowsOfQueriesAndKeysMoveForLlamaOnly() throws IOException {
        LoraMatrix query = new LoraMatrix(0, LoraTarget.QUERY);
        BaseModel llama = new BaseModel("llama", 1, 8, 2, 1, 4, 8);
        float[] b = {0, 1, 2, 3, 4, 5, 6, 7};
        Map<LoraMatrix, LoraFactors> factors = Map.of(query, LoraFactors.of(new float[8], b));
        assertThat(ggufRows(llama, factors, "attn_q")).containsExactly(0, 2, 1, 3, 4, 6, 5, 7);
        BaseModel qwen = new BaseModel("qwen2", 1, 8, 2, 1, 4, 8);
        assertThat(ggufRows(qwen, factors, "attn_q")).containsExactly(b);
    }

    @Test
    void theFileHasTheKeysThatLlamaReads() throws IOException {
        Path gguf = folder.resolve("keys.gguf");
        RandomAdapters.random(RandomAdapters.QWEN, 3).writeGguf(gguf, TensorType.F16);
        try (GgufFile file = GgufFile.open(gguf)) {
            assertThat(file.keys().values())
                    .containsEntry("general.type", "adapter")
                    .containsEntry("adapter.type", "lora")
                    .containsEntry("general.architecture", "qwen2")
                    .containsEntry("adapter.lora.alpha", 8f);
            assertThat(file.tensor("blk.1.ffn_down.weight.lora_a").orElseThrow().shape())
                    .containsExactly(4L, 48L);
            assertThat(file.tensor("blk.1.ffn_down.weight.lora_b").orElseThrow().shape())
                    .containsExactly(32L, 4L);
        }
    }

    @Test
    void whatIsAddedIsTheScaledProduct() {
        BaseModel base = new BaseModel("qwen2", 1, 2, 1, 1, 2, 2);
        LoraMatrix matrix = new LoraMatrix(0, LoraTarget.VALUE);
        LoraAdapter adapter = LoraAdapter.of(
                base, new LoraScale(1, 2), Map.of(matrix, LoraFactors.of(new float[] {1, 2}, new float[] {3, 5})));
        assertThat(adapter.computeDelta(matrix)).containsExactly(6, 12, 10, 20);
        assertThat(adapter.computeDelta(new LoraMatrix(0, LoraTarget.KEY))).containsExactly(0, 0, 0, 0);
    }

    @Test
    void aNumberTooLargeForHalfPrecisionIsNotMadeInfinite() {
        BaseModel base = new BaseModel("qwen2", 1, 2, 1, 1, 2, 2);
        LoraAdapter adapter = LoraAdapter.of(
                base,
                new LoraScale(1, 1),
                Map.of(new LoraMatrix(0, LoraTarget.VALUE), LoraFactors.of(new float[] {1, 1e6f}, new float[] {1, 1})));
        assertThatThrownBy(() -> adapter.writeGguf(folder.resolve("large.gguf"), TensorType.F16))
                .hasMessageContaining("Use F32 or BF16");
    }

    private float[] ggufRows(BaseModel base, Map<LoraMatrix, LoraFactors> factors, String name) throws IOException {
        Path gguf = folder.resolve("rows.gguf");
        LoraAdapter.of(base, new LoraScale(1, 1), factors).writeGguf(gguf, TensorType.F32);
        try (GgufFile file = GgufFile.open(gguf)) {
            return file.floats("blk.0." + name + ".weight.lora_b");
        }
    }

    private static void same(LoraAdapter read, LoraAdapter expected, float relative) {
        assertThat(read.scale()).isEqualTo(expected.scale());
        assertThat(read.factors().keySet()).isEqualTo(expected.factors().keySet());
        expected.factors().forEach((matrix, factors) -> {
            near(read.factors().get(matrix).a(), factors.a(), relative);
            near(read.factors().get(matrix).b(), factors.b(), relative);
        });
    }

    private static void near(float[] read, float[] expected, float relative) {
        assertThat(read).hasSameSizeAs(expected);
        for (int i = 0; i < read.length; i++) {
            float most = relative == 0 ? 0 : Math.max(relative * Math.abs(expected[i]), 0x1p-25f);
            assertThat(Math.abs(read[i] - expected[i])).isLessThanOrEqualTo(most);
        }
    }
}
