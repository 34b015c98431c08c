package io.memos4j.modelfiles;

import java.util.List;
import java.util.Map;
import java.util.Set;
import tools.jackson.core.JacksonException;
import tools.jackson.core.StreamReadFeature;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/**
 * The {@code adapter_config.json} of PEFT ({@code peft/tuners/lora/config.py}).
 *
 * <p>Every variant of LoRA is a member that is set. Members that are not known to be harmless are refused: ignoring one
 * would give another adapter than the one that was trained.
 */
final class PeftConfig {
    /** The most bytes of a configuration. */
    static final int LONGEST = 1 << 20;

    private static final JsonMapper JSON = JsonMapper.builder()
            .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
            .build();

    /** Members that do not change the meaning of the tensors. */
    private static final Set<String> HARMLESS = Set.of(
            "arrow_config",
            "auto_mapping",
            "base_model_name_or_path",
            "corda_config",
            "eva_config",
            "exclude_modules",
            "inference_mode",
            "layers_pattern",
            "layers_to_transform",
            "loftq_config",
            "lora_alpha",
            "lora_dropout",
            "megatron_config",
            "megatron_core",
            "peft_type",
            "peft_version",
            "qalora_group_size",
            "r",
            "revision",
            "runtime_config",
            "target_modules");

    /** Members for which only some values are plain LoRA. */
    private static final Map<String, Set<String>> ALLOWED = Map.of(
            "bias", Set.of("none"),
            "task_type", Set.of("CAUSAL_LM"),
            "init_lora_weights", Set.of("true", "gaussian", "orthogonal", "eva"));

    private PeftConfig() {}

    static LoraScale read(byte[] json) throws BrokenFileException {
        JsonNode config;
        try {
            config = JSON.readTree(json);
        } catch (JacksonException e) {
            throw new BrokenFileException("its adapter_config.json is not valid JSON (" + e.getOriginalMessage() + ")");
        }
        if (!config.isObject() || !config.path("peft_type").asString("").equals("LORA")) {
            throw new BrokenFileException(
                    "its adapter_config.json does not say that it is LoRA (peft_type); only LoRA is used");
        }
        for (Map.Entry<String, JsonNode> member : config.properties()) {
            requirePlain(member.getKey(), member.getValue());
        }
        JsonNode rank = config.path("r");
        JsonNode alpha = config.path("lora_alpha");
        if (!rank.isIntegralNumber() || !rank.canConvertToInt() || !alpha.isNumber()) {
            throw new BrokenFileException("its adapter_config.json has no number r or lora_alpha");
        }
        return new LoraScale(rank.intValue(), (float) alpha.doubleValue());
    }

    private static void requirePlain(String name, JsonNode value) throws BrokenFileException {
        boolean unset =
                value.isNull() || value.isBoolean() && !value.booleanValue() || value.isContainer() && value.isEmpty();
        boolean plain = unset
                || HARMLESS.contains(name)
                || ALLOWED.getOrDefault(name, Set.of()).contains(value.asString(""));
        if (!plain) {
            throw new BrokenFileException("its adapter_config.json sets " + LoraValidator.excerpt(name) + " to "
                    + LoraValidator.excerpt(value.toString()) + ", which is not plain LoRA; train it without");
        }
    }

    static byte[] write(LoraAdapter adapter) {
        ObjectNode config = JSON.createObjectNode();
        config.put("peft_type", "LORA")
                .put("task_type", "CAUSAL_LM")
                .putNull("base_model_name_or_path")
                .put("bias", "none")
                .put("fan_in_fan_out", false)
                .put("inference_mode", true)
                .put("lora_dropout", 0)
                .put("use_dora", false)
                .put("use_rslora", false)
                .put("r", adapter.scale().rank());
        float alpha = adapter.scale().alpha();
        if (alpha == Math.rint(alpha)) {
            config.put("lora_alpha", (long) alpha);
        } else {
            config.put("lora_alpha", alpha);
        }
        var modules = config.putArray("target_modules");
        List<String> names = adapter.factors().keySet().stream()
                .map(matrix -> matrix.target().module())
                .distinct()
                .sorted()
                .toList();
        names.forEach(modules::add);
        return JSON.writerWithDefaultPrettyPrinter().writeValueAsBytes(config);
    }
}
