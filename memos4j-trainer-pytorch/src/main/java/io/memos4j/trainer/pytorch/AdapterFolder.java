package io.memos4j.trainer.pytorch;

import io.memos4j.api.ErrorCode;
import io.memos4j.api.MemoryException;
import io.memos4j.modelfiles.Numbers;
import io.memos4j.modelfiles.Safetensors;
import io.memos4j.modelfiles.SafetensorsWriter;
import io.memos4j.modelfiles.TensorInfo;
import io.memos4j.modelfiles.Weights;
import io.memos4j.spi.LoraShape;
import io.memos4j.spi.LoraTarget;
import io.memos4j.spi.TrainingRecord;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** The files of an adapter in the layout of PEFT: {@code adapter_config.json} and {@code adapter_model.safetensors}. */
final class AdapterFolder {
    static final String CONFIG = "adapter_config.json";
    static final String WEIGHTS = "adapter_model.safetensors";
    private static final String PREFIX = "base_model.model.";
    private static final int MOST_BYTES = 1 << 20;

    private AdapterFolder() {}

    /** Names and shapes of all tensors of an adapter, those of A before those of B. */
    static Map<String, long[]> tensors(ModelConfig config, LoraShape lora) {
        Map<String, long[]> tensors = new LinkedHashMap<>();
        for (int layer = 0; layer < config.layers(); layer++) {
            for (LoraTarget target : LoraTarget.values()) {
                if (lora.targets().contains(target)) {
                    long[] shape = Layer.shape(config, target);
                    if (lora.rank() > Math.min(shape[0], shape[1])) {
                        throw MemoryException.invalid(
                                "The rank " + lora.rank() + " is larger than a side of " + target.module() + " ("
                                        + shape[0] + " × " + shape[1] + "). Choose a smaller rank or leave it out.");
                    }
                    tensors.put(down(layer, target), new long[] {lora.rank(), shape[1]});
                    tensors.put(up(layer, target), new long[] {shape[0], lora.rank()});
                }
            }
        }
        return tensors;
    }

    /** The name of A. */
    static String down(int layer, LoraTarget target) {
        return PREFIX + Layer.prefix(layer) + target.path() + ".lora_A.weight";
    }

    /** The name of B. */
    static String up(int layer, LoraTarget target) {
        return PREFIX + Layer.prefix(layer) + target.path() + ".lora_B.weight";
    }

    /** Writes an adapter into an existing folder. The same adapter and record give the same bytes, whatever time it took. */
    static void write(Path folder, LoraShape lora, TrainableRow row, TrainingRecord record) throws IOException {
        ObjectNode config = new JsonMapper().createObjectNode();
        config.put("peft_type", "LORA")
                .put("task_type", "CAUSAL_LM")
                .put("r", lora.rank())
                .put("lora_alpha", lora.alpha())
                .put("lora_dropout", 0.0)
                .put("bias", "none")
                .put("fan_in_fan_out", false)
                .put("use_rslora", false)
                .put("use_dora", false)
                .put("inference_mode", true);
        ArrayNode targets = config.putArray("target_modules");
        lora.targets().stream().sorted().map(LoraTarget::module).forEach(targets::add);
        Files.writeString(folder.resolve(CONFIG), config.toPrettyString() + "\n");

        SafetensorsWriter writer = new SafetensorsWriter()
                .metadata("format", "pt")
                .metadata("trainer", record.trainer())
                .metadata("base_sha256", record.baseHash())
                .metadata("data_sha256", record.dataHash())
                .metadata("seed", Long.toString(record.seed()))
                .metadata("steps", Integer.toString(record.steps()))
                .metadata("final_loss", Double.toString(record.finalLoss()));
        for (TrainableRow.Piece piece : row.pieces()) {
            long[] shape = piece.shape().stream().mapToLong(Long::longValue).toArray();
            writer.tensor(piece.name(), Numbers.F32, row.values(piece), shape);
        }
        writer.write(folder.resolve(WEIGHTS));
    }

    /** The size that the configuration of an adapter tells; refuses what is not a plain low-rank adapter. */
    static LoraShape shape(Path folder) {
        Path file = folder.resolve(CONFIG);
        try {
            if (!Files.isRegularFile(file) || Files.size(file) > MOST_BYTES) {
                throw ModelConfig.unusable(file, "it is missing or larger than " + MOST_BYTES + " bytes");
            }
            return shape(file, new JsonMapper().readTree(Files.readAllBytes(file)));
        } catch (JacksonException e) {
            throw ModelConfig.unusable(file, "it is no valid JSON (" + e.getOriginalMessage() + ")");
        } catch (IOException e) {
            throw new MemoryException(ErrorCode.MODEL_UNREADABLE, "Cannot read " + file + ": " + e, e);
        }
    }

    private static LoraShape shape(Path file, JsonNode config) {
        if (!config.path("peft_type").asString("").equals("LORA")) {
            throw ModelConfig.unusable(file, "its peft_type is not LORA");
        }
        for (String extra : List.of("use_rslora", "use_dora", "fan_in_fan_out")) {
            if (config.path(extra).asBoolean(false)) {
                throw ModelConfig.unusable(file, "it uses " + extra + "; only plain LoRA is known");
            }
        }
        for (String extra : List.of("modules_to_save", "rank_pattern", "alpha_pattern", "layers_to_transform")) {
            if (config.hasNonNull(extra)
                    && !(config.get(extra).isContainer() && config.get(extra).isEmpty())) {
                throw ModelConfig.unusable(file, "it uses " + extra + "; only plain LoRA is known");
            }
        }
        try {
            return new LoraShape(
                    config.path("r").asInt(0),
                    config.path("lora_alpha").asDouble(0),
                    targets(config.path("target_modules")));
        } catch (MemoryException e) {
            throw new MemoryException(ErrorCode.MODEL_UNREADABLE, "Cannot use " + file + ": " + e.getMessage(), e);
        }
    }

    private static Set<LoraTarget> targets(JsonNode names) {
        EnumSet<LoraTarget> targets = EnumSet.noneOf(LoraTarget.class);
        for (JsonNode name : names.values()) {
            targets.add(Arrays.stream(LoraTarget.values())
                    .filter(target -> target.module().equals(name.asString("")))
                    .findFirst()
                    .orElseThrow(() -> MemoryException.invalid("its target " + name + " is unknown.")));
        }
        return targets;
    }

    /** Gives the numbers of the adapter in a folder, checked against what its base needs. */
    static TrainableRow read(Path folder, Map<String, long[]> expected, Placement placement) {
        try (Safetensors file = Safetensors.open(folder.resolve(WEIGHTS))) {
            for (TensorInfo tensor : file.tensors()) {
                long[] shape = expected.get(tensor.name());
                if (shape == null
                        || !tensor.shape().equals(Arrays.stream(shape).boxed().toList())) {
                    throw ModelConfig.unusable(
                            file.path(),
                            "its tensor " + tensor.name() + " of shape " + tensor.shape()
                                    + " does not belong to an adapter of this size for this base");
                }
            }
            for (String name : expected.keySet()) {
                if (file.tensor(name).isEmpty()) {
                    throw ModelConfig.unusable(file.path(), "it lacks the tensor " + name);
                }
            }
            return TrainableRow.of(expected, placement, (name, shape) -> finite(file, name));
        }
    }

    private static Weights finite(Safetensors file, String name) {
        Weights weights = file.weights(name);
        return () -> {
            float value = weights.next();
            if (!Float.isFinite(value)) {
                throw ModelConfig.unusable(file.path(), "its tensor " + name + " has values that are no numbers");
            }
            return value;
        };
    }
}
