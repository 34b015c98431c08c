package io.memos4j.trainer.pytorch;

import io.memos4j.api.ErrorCode;
import io.memos4j.api.MemoryException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * The sizes of a transformer, as {@code config.json} of Hugging Face gives them. What this says a model has is computed; what it has
 * beyond that (sliding windows, experts, quantised weights, other activations) is refused.
 *
 * @param family which architecture
 * @param vocabulary tokens that it knows
 * @param width numbers that stand for one token
 * @param layers number of layers
 * @param heads heads of the queries
 * @param cacheHeads heads of keys and values
 * @param headWidth numbers in one head
 * @param feedForward inner width of the MLP
 * @param context tokens that it was trained for
 * @param epsilon of the norms
 * @param positions frequencies of the rotary positions
 * @param tied whether the output matrix is that of the embeddings
 */
record ModelConfig(
        Family family,
        int vocabulary,
        int width,
        int layers,
        int heads,
        int cacheHeads,
        int headWidth,
        int feedForward,
        int context,
        double epsilon,
        RotaryPositions positions,
        boolean tied) {
    static final String FILE = "config.json";
    private static final int MOST_BYTES = 1 << 20;
    private static final int LARGEST = 1 << 24;

    /** Architectures; all share norms before each part, rotary positions, grouped heads and a gated MLP. */
    enum Family {
        LLAMA("llama", "LlamaForCausalLM"),
        /** With a bias on queries, keys and values. */
        QWEN2("qwen2", "Qwen2ForCausalLM"),
        /** With a norm on each head of queries and keys. */
        QWEN3("qwen3", "Qwen3ForCausalLM");

        private final String type;
        private final String architecture;

        Family(String type, String architecture) {
            this.type = type;
            this.architecture = architecture;
        }

        String type() {
            return type;
        }

        String architecture() {
            return architecture;
        }
    }

    ModelConfig {
        check("vocab_size", vocabulary);
        check("hidden_size", width);
        check("num_hidden_layers", layers);
        check("num_attention_heads", heads);
        check("num_key_value_heads", cacheHeads);
        check("head_dim", headWidth);
        check("intermediate_size", feedForward);
        check("max_position_embeddings", context);
        if (heads % cacheHeads != 0) {
            throw MemoryException.invalid("num_attention_heads (" + heads
                    + ") must be a multiple of num_key_value_heads (" + cacheHeads + ").");
        }
        if (headWidth % 2 != 0) {
            throw MemoryException.invalid("head_dim must be even (was " + headWidth + ").");
        }
        if (!(epsilon > 0 && epsilon < 1)) {
            throw MemoryException.invalid("rms_norm_eps must be between 0 and 1 (was " + epsilon + ").");
        }
    }

    private static void check(String name, int value) {
        if (value < 1 || value > LARGEST) {
            throw MemoryException.invalid(name + " must be 1 to " + LARGEST + " (was " + value + ").");
        }
    }

    /** Reads the configuration of a model folder. */
    static ModelConfig read(Path folder) {
        Path file = folder.resolve(FILE);
        try {
            if (!Files.isRegularFile(file) || Files.size(file) > MOST_BYTES) {
                throw unusable(
                        file,
                        "it is missing or larger than " + MOST_BYTES
                                + " bytes. Name the folder of a model that has it");
            }
            return parse(new JsonMapper().readTree(Files.readAllBytes(file)));
        } catch (JacksonException e) {
            throw unusable(file, "it is no valid JSON (" + e.getOriginalMessage() + ")");
        } catch (IOException e) {
            throw new MemoryException(ErrorCode.MODEL_UNREADABLE, "Cannot read " + file + ": " + e, e);
        } catch (MemoryException e) {
            throw e.code() == ErrorCode.INVALID_ARGUMENT ? unusable(file, withoutStop(e.getMessage())) : e;
        }
    }

    private static ModelConfig parse(JsonNode json) {
        Family family = family(json.path("model_type").asString(""));
        requirePlain(json);
        int heads = number(json, "num_attention_heads");
        int width = number(json, "hidden_size");
        int headWidth = json.hasNonNull("head_dim") ? number(json, "head_dim") : width / Math.max(1, heads);
        return new ModelConfig(
                family,
                number(json, "vocab_size"),
                width,
                number(json, "num_hidden_layers"),
                heads,
                json.hasNonNull("num_key_value_heads") ? number(json, "num_key_value_heads") : heads,
                headWidth,
                number(json, "intermediate_size"),
                number(json, "max_position_embeddings"),
                json.path("rms_norm_eps").asDouble(1e-6),
                RotaryPositions.parse(json, headWidth),
                json.path("tie_word_embeddings").asBoolean(false));
    }

    private static Family family(String type) {
        for (Family family : Family.values()) {
            if (family.type.equals(type)) {
                return family;
            }
        }
        throw MemoryException.invalid("model_type is '" + type + "'; llama, qwen2 and qwen3 can be trained.");
    }

    private static void requirePlain(JsonNode json) {
        String activation = json.path("hidden_act").asString("silu");
        if (!activation.equals("silu")) {
            throw MemoryException.invalid("hidden_act is '" + activation + "'; only silu is known.");
        }
        if (json.path("use_sliding_window").asBoolean(false)) {
            throw MemoryException.invalid("use_sliding_window is on; only full attention is known.");
        }
        if (json.hasNonNull("quantization_config")) {
            throw MemoryException.invalid("its weights are quantised. Take the model in BF16, F16 or F32.");
        }
    }

    private static int number(JsonNode json, String name) {
        JsonNode value = json.path(name);
        if (!value.isIntegralNumber() || !value.canConvertToInt()) {
            throw MemoryException.invalid(name + " is missing or no whole number.");
        }
        return value.asInt();
    }

    /** Numbers of all queries of a token. */
    int queryWidth() {
        return heads * headWidth;
    }

    /** Numbers of all keys, or values, of a token. */
    int cacheWidth() {
        return cacheHeads * headWidth;
    }

    private static String withoutStop(String sentence) {
        return sentence.endsWith(".") ? sentence.substring(0, sentence.length() - 1) : sentence;
    }

    static MemoryException unusable(Path file, String why) {
        return new MemoryException(ErrorCode.MODEL_UNREADABLE, "Cannot use " + file + ": " + why + ".");
    }
}
