package io.memos4j.trainer.pytorch;

import io.memos4j.api.ErrorCode;
import io.memos4j.api.MemoryException;
import io.memos4j.modelfiles.BaseModel;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * The sizes of a transformer from {@code config.json} of Hugging Face. Features that this record lacks (sliding
 * windows, experts, quantized weights, other activations) are refused.
 *
 * @param base family and sizes of the matrices
 * @param vocabulary number of tokens in the vocabulary
 * @param context the context length that it was trained for
 * @param epsilon of the norms
 * @param positions rotary frequencies
 * @param tied whether the output matrix is that of the embeddings
 */
record TransformerConfig(
        BaseModel base, int vocabulary, int context, double epsilon, RotaryScaling positions, boolean tied) {
    static final String FILE = "config.json";
    private static final int MOST_BYTES = 1 << 20;
    private static final int LARGEST = 1 << 24;

    TransformerConfig {
        check("vocab_size", vocabulary);
        check("max_position_embeddings", context);
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
    static TransformerConfig read(Path folder) {
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
            throw unusable(file, "it is not valid JSON (" + e.getOriginalMessage() + ")");
        } catch (IOException e) {
            throw new MemoryException(ErrorCode.MODEL_UNREADABLE, "Cannot read " + file + ": " + e, e);
        } catch (MemoryException e) {
            throw e.code() == ErrorCode.INVALID_ARGUMENT ? unusable(file, withoutStop(e.getMessage())) : e;
        }
    }

    private static TransformerConfig parse(JsonNode json) {
        requirePlain(json);
        int heads = number(json, "num_attention_heads");
        int width = number(json, "hidden_size");
        BaseModel base = new BaseModel(
                json.path("model_type").asString(""),
                number(json, "num_hidden_layers"),
                width,
                heads,
                json.hasNonNull("num_key_value_heads") ? number(json, "num_key_value_heads") : heads,
                json.hasNonNull("head_dim") ? number(json, "head_dim") : width / Math.max(1, heads),
                number(json, "intermediate_size"));
        return new TransformerConfig(
                base,
                number(json, "vocab_size"),
                number(json, "max_position_embeddings"),
                json.path("rms_norm_eps").asDouble(1e-6),
                RotaryScaling.parse(json, base.headWidth()),
                json.path("tie_word_embeddings").asBoolean(false));
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
            throw MemoryException.invalid("its weights are quantized. Take the model in BF16, F16 or F32.");
        }
    }

    private static int number(JsonNode json, String name) {
        JsonNode value = json.path(name);
        if (!value.isIntegralNumber() || !value.canConvertToInt()) {
            throw MemoryException.invalid(name + " is missing or no whole number.");
        }
        return value.asInt();
    }

    private static String withoutStop(String sentence) {
        return sentence.endsWith(".") ? sentence.substring(0, sentence.length() - 1) : sentence;
    }

    static MemoryException unusable(Path file, String why) {
        return new MemoryException(ErrorCode.MODEL_UNREADABLE, "Cannot use " + file + ": " + why + ".");
    }
}
