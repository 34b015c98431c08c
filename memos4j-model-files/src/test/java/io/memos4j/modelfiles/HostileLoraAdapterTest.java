package io.memos4j.modelfiles;

import io.memos4j.api.ErrorCode;
import io.memos4j.api.MemoryException;
import io.memos4j.api.adapters.LoraTarget;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

class HostileLoraAdapterTest {
    private static final BaseModel BASE = RandomAdapters.LLAMA;
    private static final String MODULE = "base_model.model.model.layers.0.self_attn.v_proj";

    @TempDir
    private Path folder;

    private Path peft;
    private Path gguf;

    @BeforeEach
    void write() throws IOException {
        peft = folder.resolve("peft");
        gguf = folder.resolve("adapter.gguf");
        RandomAdapters.random(BASE, 1).writePeft(peft, TensorType.F32);
        RandomAdapters.random(BASE, 1).writeGguf(gguf, TensorType.F32);
    }

    @Test
    void aTruncatedFileIsRefusedWhereverItWasCut() throws IOException {
        Path tensors = peft.resolve("adapter_model.safetensors");
        byte[] whole = Files.readAllBytes(tensors);
        for (int length : new int[] {0, 7, 8, 100, 5_000, whole.length / 2, whole.length - 1}) {
            Files.write(tensors, Arrays.copyOf(whole, length));
            refused(() -> readPeft(), "adapter_model.safetensors");
        }
        byte[] other = Files.readAllBytes(gguf);
        for (int length : new int[] {0, 3, 20, 100, 2_000, other.length / 2, other.length - 33}) {
            Files.write(gguf, Arrays.copyOf(other, length));
            refused(() -> readGguf(), "adapter.gguf");
        }
    }

    @Test
    void anAdapterOfAnotherModelIsRefused() {
        BaseModel wider = new BaseModel("llama", 2, 64, 4, 2, 16, 48);
        BaseModel shallow = new BaseModel("llama", 1, 32, 4, 2, 8, 48);
        for (BaseModel other : List.of(wider, shallow)) {
            refused(() -> LoraAdapter.readPeft(peft, other).close(), "use it with the model that it was trained for");
            refused(() -> LoraAdapter.readGguf(gguf, other).close(), "use it with the model that it was trained for");
        }
        refused(() -> LoraAdapter.readGguf(gguf, RandomAdapters.QWEN).close(), "architecture llama, not qwen2");
    }

    @Test
    void aModelIsNoAdapter() throws IOException {
        Path model = folder.resolve("model.gguf");
        new GgufWriter()
                .put("general.architecture", "llama")
                .tensor("token_embd.weight", TensorType.F32, () -> 1, 32, 4)
                .write(model);
        refused(() -> LoraAdapter.readGguf(model, BASE).close(), "no LoRA adapter");
    }

    @Test
    void numbersThatAreNoneAreRefused() throws IOException {
        for (float bad : new float[] {Float.NaN, Float.POSITIVE_INFINITY, Float.NEGATIVE_INFINITY}) {
            float[] b = new float[16 * 2];
            b[17] = bad;
            tensors(new SafetensorsWriter()
                    .tensor(MODULE + ".lora_A.weight", TensorType.F16, new float[64], 2, 32)
                    .tensor(MODULE + ".lora_B.weight", TensorType.F16, b, 16, 2));
            config("{\"peft_type\":\"LORA\",\"r\":2,\"lora_alpha\":4}");
            refused(() -> readPeft(), "v_proj.lora_B.weight has the number " + bad);
            refused(
                    () -> LoraAdapter.of(
                            BASE,
                            new LoraScale(2, 4),
                            Map.of(new LoraMatrix(0, LoraTarget.VALUE), LoraFactors.of(new float[64], b))),
                    "has the number");
        }
    }

    @Test
    void aRankOutOfBoundsIsRefused() throws IOException {
        for (long rank : new long[] {0, -1, 257, 1 << 30}) {
            config("{\"peft_type\":\"LORA\",\"r\":" + rank + ",\"lora_alpha\":4}");
            refused(() -> readPeft(), "rank is " + rank);
        }
        config("{\"peft_type\":\"LORA\",\"r\":3,\"lora_alpha\":4}");
        refused(() -> readPeft(), "shape [4, 32], not [3, 32]");
        for (String alpha : List.of("0", "-1", "1e30", "1e300")) {
            config("{\"peft_type\":\"LORA\",\"r\":4,\"lora_alpha\":" + alpha + "}");
            refused(() -> readPeft(), "alpha");
        }
        tensors(new SafetensorsWriter()
                .tensor(MODULE + ".lora_A.weight", TensorType.F32, new float[17 * 32], 17, 32)
                .tensor(MODULE + ".lora_B.weight", TensorType.F32, new float[16 * 17], 16, 17));
        config("{\"peft_type\":\"LORA\",\"r\":17,\"lora_alpha\":4}");
        refused(() -> readPeft(), "has 16 rows or columns");
    }

    @Test
    void whatIsNotPlainLoraIsRefusedByName() throws IOException {
        for (String member : List.of(
                "\"use_dora\":true",
                "\"use_rslora\":true",
                "\"fan_in_fan_out\":true",
                "\"bias\":\"all\"",
                "\"lora_bias\":true",
                "\"modules_to_save\":[\"lm_head\"]",
                "\"rank_pattern\":{\"q_proj\":2}",
                "\"alpha_pattern\":{\"q_proj\":2}",
                "\"layer_replication\":[[0,1]]",
                "\"init_lora_weights\":\"pissa\"",
                "\"task_type\":\"SEQ_CLS\"",
                "\"invented_tomorrow\":1")) {
            config("{\"peft_type\":\"LORA\",\"r\":4,\"lora_alpha\":8," + member + "}");
            refused(() -> readPeft(), member.substring(1, member.indexOf('"', 1)));
        }
        config("{\"peft_type\":\"IA3\",\"r\":4,\"lora_alpha\":8}");
        refused(() -> readPeft(), "only LoRA");
        config("{\"peft_type\":\"LORA\",\"r\":4,\"r\":8,\"lora_alpha\":8}");
        refused(() -> readPeft(), "not valid JSON");
        config("[".repeat(100_000));
        refused(() -> readPeft(), "not valid JSON");
        config(" ".repeat((1 << 20) + 1));
        refused(() -> readPeft(), "more than 1048576 bytes");
    }

    @Test
    void theDefaultsThatPeftWritesArePlain() throws IOException {
        config("{\"alpha_pattern\":{},\"auto_mapping\":null,\"base_model_n"
                + "ame_or_path\":\"../../etc/passwd\",\"bias\":\"none\","
                + "\"corda_config\":null,\"eva_config\":null,\"exclude_modules\":null,\"fan_in_fan"
                + "_out\":false,\"inference_mode\":true,"
                + "\"init_lora_weights\":true,\"layer_replication\":null,\"layers_pattern\":null,"
                + "\"layers_to_transform\":null,"
                + "\"loftq_config\":{},\"lora_alpha\":8,\"lora_bias\":false,\"lora_dropout\":0.05,"
                + "\"megatron_config\":null,"
                + "\"megatron_core\":\"megatron.core\",\"modules_to_save\":null,"
                + "\"peft_type\":\"LORA\",\"qalora_group_size\":16,\"r\":4,"
                + "\"rank_pattern\":{},\"revision\":null,\"target_modules\":[\"q_proj\"],"
                + "\"target_parameters\":null,"
                + "\"task_type\":\"CAUSAL_LM\",\"trainable_token_indices\":null,\"use_dora\":false,"
                + "\"use_qalora\":false,\"use_rslora\":false}");
        try (LoraAdapter adapter = LoraAdapter.readPeft(peft, BASE)) {
            assertThat(adapter.scale()).isEqualTo(new LoraScale(4, 8));
        }
    }

    @Test
    void tensorsOfAnotherNameAreRefused() throws IOException {
        config("{\"peft_type\":\"LORA\",\"r\":2,\"lora_alpha\":4}");
        for (String name : List.of(
                "../../" + MODULE + ".lora_A.weight",
                "base_model.model.lm_head.lora_A.weight",
                "base_model.model.model.layers.00.self_attn.v_proj.lora_A.weight",
                "base_model.model.model.layers.0.self_attn.v_proj.lora_magnitude_vector",
                "/etc/passwd")) {
            tensors(new SafetensorsWriter().tensor(name, TensorType.F32, new float[64], 2, 32));
            refused(() -> readPeft(), "none of a plain LoRA");
        }
        tensors(new SafetensorsWriter().tensor(MODULE + ".lora_A.weight", TensorType.F32, new float[64], 2, 32));
        refused(() -> readPeft(), "no tensor " + MODULE + ".lora_B.weight");
        tensors(new SafetensorsWriter());
        refused(() -> readPeft(), "changes no matrix");
    }

    @Test
    void pathsAndLinksOutOfTheFolderAreRefused() throws IOException {
        ArtifactFolder artifact = ArtifactFolder.of(peft, ErrorCode.ADAPTER_REFUSED);
        for (String name : List.of(
                "../peft/adapter_config.json", "/etc/passwd", "..", ".", "", "a/b", "a\\b", "a\0b", ".hidden", "C:x")) {
            refused(() -> artifact.resolve(name), "names of files");
        }
        assertThat(artifact.file("adapter_config.json")).exists();
        refused(() -> artifact.file("missing.json"), "no such file");
        for (String name : List.of("adapter_config.json", "adapter_model.safetensors")) {
            Path outside = Files.move(peft.resolve(name), folder.resolve(name));
            Files.createSymbolicLink(peft.resolve(name), outside);
            refused(() -> readPeft(), "it is a link");
            Files.delete(peft.resolve(name));
            Files.createDirectory(peft.resolve(name));
            refused(() -> readPeft(), "no such file");
            Files.delete(peft.resolve(name));
            Files.move(outside, peft.resolve(name));
        }
        refused(() -> LoraAdapter.readPeft(gguf, BASE).close(), "not a folder");
    }

    @Test
    void picklesAreRefusedByNameAndByContentAndNeverRead() throws IOException {
        for (String name : List.of("adapter_model.bin", "adapter_model.pt", "adapter_model.pkl")) {
            Path pickle = Files.write(peft.resolve(name), new byte[0]);
            refused(() -> readPeft(), "a pickle, which runs code");
            Files.delete(pickle);
        }
        byte[][] starts = {
            {(byte) 0x80, 2, '}', 'q', 0, '.', 0, 0, 0, 0},
            {(byte) 0x80, 4, (byte) 0x95, 1, 0, 0, 0, 0, 0, 0},
            {'P', 'K', 3, 4, 0, 0, 0, 0, 0, 0}
        };
        for (byte[] start : starts) {
            Files.write(peft.resolve("adapter_model.safetensors"), start);
            refused(() -> readPeft(), "whatever its name says");
            Files.write(gguf, start);
            refused(() -> readGguf(), "whatever its name says");
        }
    }

    @Test
    void aSafetensorsFileThatBeginsLikeAPickleIsRead() throws IOException {
        Path file = peft.resolve("adapter_model.safetensors");
        byte[] whole = Files.readAllBytes(file);
        int head = ByteBuffer.wrap(whole).order(ByteOrder.LITTLE_ENDIAN).getInt();
        int longer = (head >> 16) + 1 << 16 | 0x0280;
        ByteBuffer padded = ByteBuffer.allocate(whole.length + longer - head).order(ByteOrder.LITTLE_ENDIAN);
        padded.putLong(longer).put(whole, 8, head);
        padded.put(" ".repeat(longer - head).getBytes(StandardCharsets.US_ASCII));
        padded.put(whole, 8 + head, whole.length - 8 - head);
        Files.write(file, padded.array());
        readPeft();
    }

    @Test
    void ggufKeysThatWouldEndTheProcessOfLlamaAreRefused() throws IOException {
        for (GgufWriter writer : List.of(
                adapterKeys().put("adapter.lora.alpha", 8),
                adapterKeys().put("adapter.lora.alpha", "8"),
                adapterKeys().put("adapter.lora.alpha", Float.NaN),
                adapterKeys().put("adapter.alora.invocation_tokens", new int[] {1}),
                new GgufWriter().put("general.type", 1).put("adapter.type", "lora"),
                new GgufWriter().put("general.type", "adapter").put("adapter.type", "lora"))) {
            writer.tensor("blk.0.attn_v.weight.lora_a", TensorType.F32, () -> 1, 32, 4)
                    .tensor("blk.0.attn_v.weight.lora_b", TensorType.F32, () -> 1, 4, 16)
                    .write(gguf);
            refused(() -> readGguf(), "Cannot use the adapter");
        }
    }

    @Test
    void aTensorThatIsThereTwiceOrLiesOverAnotherIsRefused() throws IOException {
        adapterKeys()
                .tensor("blk.0.attn_v.weight.lora_a", TensorType.F32, () -> 1, 32, 4)
                .tensor("blk.0.attn_v.weight.lora_a", TensorType.F32, () -> 1, 32, 4)
                .write(gguf);
        refused(() -> readGguf(), "there twice");
        adapterKeys()
                .tensor("blk.0.attn_v.weight.lora_a", TensorType.F32, () -> 1, 32, 4)
                .tensor("blk.0.attn_v.weight.lora_b", TensorType.F32, () -> 1, 4, 16)
                .write(gguf);
        readGguf();
        byte[] bytes = Files.readAllBytes(gguf);
        String second = "blk.0.attn_v.weight.lora_b";
        int entry = new String(bytes, StandardCharsets.ISO_8859_1).indexOf(second) + second.length();
        int offset = entry + Integer.BYTES + 2 * Long.BYTES + Integer.BYTES;
        ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN).putLong(offset, 32);
        Files.write(gguf, bytes);
        refused(() -> readGguf(), "shares bytes");
        adapterKeys()
                .tensor("blk.0.attn_v.weight.lora_a".repeat(8), TensorType.F32, () -> 1, 32, 4)
                .write(gguf);
        refused(() -> readGguf(), "at most 128");
    }

    private static GgufWriter adapterKeys() {
        return new GgufWriter()
                .put("general.architecture", "llama")
                .put("general.type", "adapter")
                .put("adapter.type", "lora");
    }

    private void config(String json) throws IOException {
        Files.writeString(peft.resolve("adapter_config.json"), json);
    }

    private void tensors(SafetensorsWriter writer) throws IOException {
        writer.write(peft.resolve("adapter_model.safetensors"));
    }

    private void readPeft() {
        LoraAdapter.readPeft(peft, BASE).close();
    }

    private void readGguf() {
        LoraAdapter.readGguf(gguf, BASE).close();
    }

    private static void refused(ThrowingCallable call, String reason) {
        assertThatThrownBy(call)
                .isInstanceOfSatisfying(
                        MemoryException.class,
                        failure -> assertThat(failure.code()).isEqualTo(ErrorCode.ADAPTER_REFUSED))
                .hasMessageContaining(reason);
    }
}
