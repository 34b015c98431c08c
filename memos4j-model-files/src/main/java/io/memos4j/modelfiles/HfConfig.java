package io.memos4j.modelfiles;

import io.memos4j.api.ErrorCode;
import io.memos4j.api.MemoryException;
import java.nio.file.Path;
import java.util.Map;
import tools.jackson.core.JacksonException;
import tools.jackson.core.StreamReadFeature;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/**
 * The {@code config.json} of a Transformers model.
 *
 * @param base family and sizes
 * @param words number of tokens in the vocabulary
 * @param contextLength the context length that it was trained for
 * @param epsilon of the norms
 * @param theta base of the rotary embedding
 * @param tied whether the embedding is the output matrix too
 */
record HfConfig(BaseModel base, int words, int contextLength, float epsilon, float theta, boolean tied) {
    static final String NAME = "config.json";
    private static final int LONGEST = 1 << 20;
    private static final JsonMapper JSON = JsonMapper.builder()
            .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
            .build();
    private static final Map<String, String> CLASSES = Map.of(
            "llama", "LlamaForCausalLM",
            "qwen2", "Qwen2ForCausalLM",
            "qwen3", "Qwen3ForCausalLM");

    static HfConfig read(Path folder) {
        return read(folder, HfConfig::of);
    }

    /** Reads family and sizes only, even of a model that cannot be converted. */
    static BaseModel readBase(Path folder) {
        return read(folder, HfConfig::base);
    }

    /** Extracts a value from the members of a configuration. */
    @FunctionalInterface
    private interface Reading<T> {
        T of(JsonNode json) throws BrokenFileException;
    }

    private static <T> T read(Path folder, Reading<T> reading) {
        Path file = folder.resolve(NAME);
        try {
            return reading.of(JSON.readTree(
                    ArtifactFolder.of(folder, ErrorCode.MODEL_UNREADABLE).readContent(NAME, LONGEST)));
        } catch (BrokenFileException e) {
            throw TensorFile.unreadable(file, e.reason());
        } catch (MemoryException e) {
            throw TensorFile.unreadable(file, e);
        } catch (JacksonException e) {
            throw TensorFile.unreadable(file, "it is not valid JSON (" + e.getOriginalMessage() + ")");
        }
    }

    private static BaseModel base(JsonNode json) throws BrokenFileException {
        String family = json.path("model_type").asString("");
        if (!BaseModel.ARCHITECTURES.contains(family)) {
            throw new BrokenFileException(
                    "its model_type is " + LoraValidator.excerpt(family) + ", not llama, qwen2 or qwen3");
        }
        int width = number(json, "hidden_size", 0);
        int heads = number(json, "num_attention_heads", 0);
        return new BaseModel(
                family,
                number(json, "num_hidden_layers", 0),
                width,
                heads,
                number(json, "num_key_value_heads", heads),
                number(json, "head_dim", Math.max(1, width / heads)),
                number(json, "intermediate_size", 0));
    }

    private static HfConfig of(JsonNode json) throws BrokenFileException {
        BaseModel base = base(json);
        JsonNode rotary = json.path("rope_parameters");
        JsonNode scaling = json.path("rope_scaling");
        if (scaling.isObject() || !rotary.path("rope_type").asString("default").equals("default")) {
            throw new BrokenFileException("it scales its rotary embedding, which is not converted");
        }
        JsonNode theta = json.path("rope_theta").isNumber() ? json.path("rope_theta") : rotary.path("rope_theta");
        return new HfConfig(
                base,
                number(json, "vocab_size", 0),
                number(json, "max_position_embeddings", 2_048),
                (float) json.path("rms_norm_eps").asDouble(1e-6),
                (float) theta.asDouble(10_000),
                json.path("tie_word_embeddings").asBoolean(false));
    }

    private static int number(JsonNode json, String name, int otherwise) throws BrokenFileException {
        JsonNode value = json.path(name);
        int number = value.isIntegralNumber() && value.canConvertToInt() ? value.intValue() : otherwise;
        if (number < 1 || number > 1 << 24) {
            throw new BrokenFileException("its " + name + " is " + (value.isMissingNode() ? "absent" : value));
        }
        return number;
    }

    byte[] json() {
        ObjectNode json = JSON.createObjectNode();
        json.putArray("architectures").add(CLASSES.get(base.architecture()));
        json.put("model_type", base.architecture())
                .put("hidden_size", base.width())
                .put("intermediate_size", base.feedForward())
                .put("num_hidden_layers", base.layers())
                .put("num_attention_heads", base.heads())
                .put("num_key_value_heads", base.cacheHeads())
                .put("head_dim", base.headWidth())
                .put("hidden_act", "silu")
                .put("vocab_size", words)
                .put("max_position_embeddings", contextLength)
                .put("rms_norm_eps", epsilon)
                .put("rope_theta", theta)
                .put("tie_word_embeddings", tied)
                .put("torch_dtype", "float32");
        return JSON.writerWithDefaultPrettyPrinter().writeValueAsBytes(json);
    }
}
