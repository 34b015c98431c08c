package io.memos4j.trainer.pytorch;

import io.memos4j.api.ErrorCode;
import io.memos4j.api.adapters.LoraShape;
import io.memos4j.modelfiles.SafetensorsWriter;
import io.memos4j.modelfiles.TensorType;
import io.memos4j.spi.training.ComputeOptions.Device;
import io.memos4j.spi.training.ModelProbe;
import io.memos4j.spi.training.ModelProbeProvider.Model;
import io.memos4j.spi.training.TrainingExample;
import io.memos4j.spi.training.TrainingPlan;
import io.memos4j.spi.training.TrainingRequest;
import io.memos4j.testkit.FailureAssertions;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

/** Invalid requests are refused with what is wrong, where, and what to do; nothing is written. */
class PytorchRefusalTest {
    @TempDir
    Path folder;

    private Path base;

    @BeforeEach
    void writeBase() throws IOException {
        base = TinyBase.random(folder.resolve("base"), BaseModelShape.tiny("llama"), 1);
    }

    private TrainingRequest request() {
        return TrainingRequest.of(base, folder.resolve("adapter"), List.of(ByteTokens.text("Some text.")))
                .plan(TrainingPlan.ofSteps(2))
                .compute(ByteTokens.ALONE);
    }

    private void refused(TrainingRequest request, ErrorCode code, String... reasons) {
        FailureAssertions.refused(code, () -> new PytorchTrainer().train(request, progress -> true), reasons);
        assertThat(folder.resolve("adapter")).doesNotExist();
    }

    private void config(String from, String to) throws IOException {
        Path file = base.resolve("config.json");
        String text = Files.readString(file);
        assertThat(text).contains(from);
        Files.writeString(file, text.replace(from, to));
    }

    @Test
    void folderWithoutAConfiguration() throws IOException {
        Files.delete(base.resolve("config.json"));
        refused(request(), ErrorCode.MODEL_UNREADABLE, "config.json", "missing");
    }

    @Test
    void configurationThatIsNoJson() throws IOException {
        Files.writeString(base.resolve("config.json"), "{\"model_type\":");
        refused(request(), ErrorCode.MODEL_UNREADABLE, "not valid JSON");
    }

    @Test
    void otherFamiliesAndFeatures() throws IOException {
        config("\"llama\"", "\"mixtral\"");
        refused(request(), ErrorCode.MODEL_UNREADABLE, "mixtral", "qwen3");
        config("\"mixtral\"", "\"llama\", \"quantization_config\" : {\"bits\":4}");
        refused(request(), ErrorCode.MODEL_UNREADABLE, "quantized");
        config("\"quantization_config\" : {\"bits\":4}", "\"rope_scaling\" : {\"rope_type\":\"yarn\",\"factor\":2}");
        refused(request(), ErrorCode.MODEL_UNREADABLE, "yarn");
    }

    @Test
    void shapesThatDoNotFitTheConfiguration() throws IOException {
        config("\"intermediate_size\" : 128", "\"intermediate_size\" : 96");
        refused(request(), ErrorCode.MODEL_UNREADABLE, "mlp.gate_proj.weight", "[128, 64], not [96, 64]");
    }

    @Test
    void missingWeights() throws IOException {
        config("\"num_hidden_layers\" : 2", "\"num_hidden_layers\" : 3");
        refused(request(), ErrorCode.MODEL_UNREADABLE, "lack", "model.layers.2.");
        Files.delete(base.resolve("model.safetensors"));
        refused(request(), ErrorCode.MODEL_UNREADABLE, "no weights", "pickle");
    }

    @Test
    void indexThatNamesAFileElsewhere() throws IOException {
        Files.move(base.resolve("model.safetensors"), folder.resolve("elsewhere.safetensors"));
        Files.writeString(
                base.resolve("model.safetensors.index.json"), "{\"weight_map\":{\"a\":\"../elsewhere.safetensors\"}}");
        refused(request(), ErrorCode.MODEL_UNREADABLE, "../elsewhere.safetensors");
    }

    @Test
    void weightsThatAreNoNumbers() throws IOException {
        BaseModelShape shape = BaseModelShape.tiny("llama");
        SafetensorsWriter writer = new SafetensorsWriter();
        for (Map.Entry<String, long[]> each : shape.tensors().entrySet()) {
            float[] values = new float[(int) Arrays.stream(each.getValue()).reduce(1, (a, b) -> a * b)];
            if (each.getKey().equals("model.norm.weight")) {
                values[7] = Float.NaN;
            }
            writer.tensor(each.getKey(), TensorType.F32, values, each.getValue());
        }
        writer.write(base.resolve("model.safetensors"));
        refused(request(), ErrorCode.MODEL_UNREADABLE, "model.norm.weight", "no numbers");
    }

    @Test
    void weightsThatAreCutShort() throws IOException {
        byte[] bytes = Files.readAllBytes(base.resolve("model.safetensors"));
        Files.write(base.resolve("model.safetensors"), Arrays.copyOf(bytes, bytes.length - 1));
        refused(request(), ErrorCode.MODEL_UNREADABLE, "truncated");
    }

    @Test
    void rankLargerThanAMatrix() {
        refused(request().lora(LoraShape.ofRank(33)), ErrorCode.INVALID_ARGUMENT, "rank 33", "k_proj");
        assertThatThrownBy(() -> LoraShape.ofRank(257)).hasMessageContaining("1 to 256");
        assertThatThrownBy(() -> LoraShape.ofRank(4).alpha(Double.NaN)).hasMessageContaining("alpha");
    }

    @Test
    void examplesThatTheBaseCannotRead() {
        TrainingExample strange = TrainingExample.text(new int[] {1, 260});
        refused(
                TrainingRequest.of(base, folder.resolve("adapter"), List.of(strange)),
                ErrorCode.INVALID_ARGUMENT,
                "token 260",
                "0 to 259");
        TrainingExample endless = TrainingExample.text(new int[257]);
        refused(
                TrainingRequest.of(base, folder.resolve("adapter"), List.of(endless)),
                ErrorCode.INVALID_ARGUMENT,
                "257 tokens");
        assertThatThrownBy(() -> TrainingExample.answer(new int[] {1, 2}, new int[0]))
                .hasMessageContaining("teach");
        assertThatThrownBy(() -> TrainingRequest.of(base, folder, List.of())).hasMessageContaining("1 to 1000000");
    }

    @Test
    void outputThatExists() throws IOException {
        Files.createDirectory(folder.resolve("taken"));
        TrainingRequest request = TrainingRequest.of(base, folder.resolve("taken"), List.of(ByteTokens.text("Some.")));
        refused(request, ErrorCode.INVALID_ARGUMENT, "exists already");
    }

    @Test
    void deviceThatIsNotThere() {
        refused(request().compute(ByteTokens.ALONE.device(Device.GPU)), ErrorCode.UNSUPPORTED, "CUDA");
    }

    @Test
    void adapterOfAnotherSizeOrBase() throws IOException {
        Path first = new PytorchTrainer()
                .train(
                        TrainingRequest.of(base, folder.resolve("first"), List.of(ByteTokens.text("One.")))
                                .plan(TrainingPlan.ofSteps(1))
                                .compute(ByteTokens.ALONE),
                        progress -> true)
                .folder();
        refused(request().start(first).lora(LoraShape.ofRank(4)), ErrorCode.INVALID_ARGUMENT, "of another size");
        Path wide = TinyBase.random(folder.resolve("wide"), new BaseModelShape("llama", 260, 2, 96, 4, 2, 128, 256), 1);
        FailureAssertions.refused(
                ErrorCode.ADAPTER_REFUSED,
                () -> new PytorchProbes().open(Model.of(wide).adapter(first)));
    }

    @Test
    void lossThatIsNoNumberEndsTheTraining() throws IOException {
        BaseModelShape shape = BaseModelShape.tiny("llama");
        SafetensorsWriter writer = new SafetensorsWriter();
        for (Map.Entry<String, long[]> each : shape.tensors().entrySet()) {
            float[] values = new float[(int) Arrays.stream(each.getValue()).reduce(1, (a, b) -> a * b)];
            Arrays.fill(values, 1e38f);
            writer.tensor(each.getKey(), TensorType.F32, values, each.getValue());
        }
        writer.write(base.resolve("model.safetensors"));
        refused(request(), ErrorCode.TRAINING_DIVERGED, "step 1");
    }

    @Test
    void probesRefuseWhatTheModelCannotRead() {
        ModelProbe probe = new PytorchProbes().open(Model.of(base).compute(ByteTokens.ALONE));
        assertThatThrownBy(() -> probe.logits(new int[] {1, -1}, 0)).hasMessageContaining("0 to 259");
        assertThatThrownBy(() -> probe.logits(new int[] {1}, 1)).hasMessageContaining("from must be 0 to 0");
        assertThatThrownBy(() -> probe.logits(new int[257], 0)).hasMessageContaining("1 to 256");
        assertThatThrownBy(() -> probe.generate(new int[] {1}, 0, token -> false))
                .hasMessageContaining("most");
        probe.close();
        probe.close();
        FailureAssertions.refused(ErrorCode.CLOSED, () -> probe.logits(new int[] {1}, 0));
    }
}
