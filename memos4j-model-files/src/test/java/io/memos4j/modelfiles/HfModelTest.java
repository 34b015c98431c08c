package io.memos4j.modelfiles;

import io.memos4j.api.ErrorCode;
import io.memos4j.api.MemoryException;
import io.memos4j.api.adapters.LoraTarget;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

class HfModelTest {
    @TempDir
    private Path folder;

    @Test
    void aModelSurvivesBothFormatsExactly() throws IOException {
        for (String architecture : new String[] {"llama", "qwen2", "qwen3"}) {
            BaseModel base = new BaseModel(architecture, 2, 32, 4, 2, 8, 48);
            Path first = folder.resolve(architecture);
            model(base, first);
            Path gguf = folder.resolve("model.gguf");
            HfModel.toGguf(first, gguf, new ByteVocabulary(""), TensorType.F32);
            assertThat(BaseModel.ofGguf(gguf)).isEqualTo(base).isEqualTo(BaseModel.ofFolder(first));
            Path again = folder.resolve("again-" + architecture);
            HfModel.toTransformers(gguf, again, TensorType.F32);
            for (String name : new String[] {"model.safetensors", "config.json"}) {
                assertThat(again.resolve(name)).hasSameBinaryContentAs(first.resolve(name));
            }
        }
    }

    @Test
    void aFolderThatContradictsItselfIsRefused() throws IOException {
        Path hf = folder.resolve("hf");
        model(RandomAdapters.LLAMA, hf);
        Path config = hf.resolve("config.json");
        String text = Files.readString(config);
        Files.writeString(config, text.replace("\"intermediate_size\" : 48", "\"intermediate_size\" : 47"));
        refused(hf, "shape [48, 32]");
        Files.writeString(config, text.replace("\"num_attention_heads\" : 4", "\"num_attention_heads\" : 3"));
        refused(hf, "queries share keys evenly");
        Files.writeString(config, text.replace("\"model_type\" : \"llama\"", "\"model_type\" : \"mamba\""));
        refused(hf, "not llama, qwen2 or qwen3");
        Files.writeString(config, text.replace("{", "{\"rope_scaling\":{\"type\":\"yarn\"},"));
        refused(hf, "scales its rotary embedding");
        assertThat(BaseModel.ofFolder(hf)).isEqualTo(RandomAdapters.LLAMA);
        Files.delete(config);
        refused(hf, "no such file");
    }

    private void refused(Path hf, String reason) {
        assertThatThrownBy(() ->
                        HfModel.toGguf(hf, folder.resolve("refused.gguf"), new ByteVocabulary(""), TensorType.F32))
                .isInstanceOfSatisfying(
                        MemoryException.class,
                        failure -> assertThat(failure.code()).isEqualTo(ErrorCode.MODEL_UNREADABLE))
                .hasMessageContaining(reason);
    }

    /** Writes a model whose tensors are in the order in which its GGUF file is written back. */
    private static void model(BaseModel base, Path folder) throws IOException {
        Files.createDirectories(folder);
        Random random = new Random(5);
        int words = new ByteVocabulary("").size();
        SafetensorsWriter writer = new SafetensorsWriter().metadata("format", "pt");
        int width = base.width();
        writer.tensor(
                "model.embed_tokens.weight",
                TensorType.F32,
                RandomAdapters.floats(random, words * width),
                words,
                width);
        for (int layer = 0; layer < base.layers(); layer++) {
            String prefix = "model.layers." + layer + ".";
            for (LoraTarget target : LoraTarget.values()) {
                int rows = base.rows(target);
                int columns = base.columns(target);
                String name = prefix + target.path();
                writer.tensor(
                        name + ".weight", TensorType.F32, RandomAdapters.floats(random, rows * columns), rows, columns);
                if (base.architecture().equals("qwen2") && target.compareTo(LoraTarget.OUTPUT) < 0) {
                    writer.tensor(name + ".bias", TensorType.F32, RandomAdapters.floats(random, rows), rows);
                }
            }
            if (base.architecture().equals("qwen3")) {
                for (String name : new String[] {"self_attn.q_norm.weight", "self_attn.k_norm.weight"}) {
                    writer.tensor(
                            prefix + name,
                            TensorType.F32,
                            RandomAdapters.floats(random, base.headWidth()),
                            base.headWidth());
                }
            }
            writer.tensor(
                    prefix + "input_layernorm.weight", TensorType.F32, RandomAdapters.floats(random, width), width);
            writer.tensor(
                    prefix + "post_attention_layernorm.weight",
                    TensorType.F32,
                    RandomAdapters.floats(random, width),
                    width);
        }
        writer.tensor("model.norm.weight", TensorType.F32, RandomAdapters.floats(random, width), width);
        writer.write(folder.resolve("model.safetensors"));
        Files.write(folder.resolve("config.json"), new HfConfig(base, words, 512, 1e-5f, 10_000, true).json());
    }
}
