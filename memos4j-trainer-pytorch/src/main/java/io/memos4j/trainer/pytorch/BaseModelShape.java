package io.memos4j.trainer.pytorch;

import io.memos4j.api.MemoryException;
import io.memos4j.api.adapters.LoraTarget;
import io.memos4j.modelfiles.BaseModel;
import java.util.LinkedHashMap;
import java.util.Map;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/**
 * The sizes of a small base model that is trained from scratch.
 *
 * @param family {@code llama}, {@code qwen2} or {@code qwen3}
 * @param vocabulary number of tokens in the vocabulary
 * @param layers number of layers
 * @param width numbers per token
 * @param heads query heads; the width of a head is width / heads
 * @param cacheHeads key and value heads
 * @param feedForward inner width of the MLP
 * @param context the longest text in tokens
 */
public record BaseModelShape(
        String family, int vocabulary, int layers, int width, int heads, int cacheHeads, int feedForward, int context) {
    private static final double EPSILON = 1e-5;
    private static final double THETA = 10_000;

    public BaseModelShape {
        if (heads < 1 || width % heads != 0) {
            throw MemoryException.invalid("width (" + width + ") must be a multiple of heads (" + heads + ").");
        }
    }

    /** Creates a shape with 2 layers of width 64 for a byte vocabulary of 260 tokens: 0.1 million parameters. */
    public static BaseModelShape tiny(String family) {
        return new BaseModelShape(family, 260, 2, 64, 4, 2, 128, 256);
    }

    BaseModel base() {
        return new BaseModel(family, layers, width, heads, cacheHeads, width / heads, feedForward);
    }

    TransformerConfig config() {
        return new TransformerConfig(
                base(), vocabulary, context, EPSILON, RotaryScaling.plain(THETA, base().headWidth()), false);
    }

    /** Writes its {@code config.json}. */
    String json() {
        ObjectNode json = new JsonMapper().createObjectNode();
        return json.put("model_type", family)
                        .put("vocab_size", vocabulary)
                        .put("hidden_size", width)
                        .put("num_hidden_layers", layers)
                        .put("num_attention_heads", heads)
                        .put("num_key_value_heads", cacheHeads)
                        .put("head_dim", base().headWidth())
                        .put("intermediate_size", feedForward)
                        .put("max_position_embeddings", context)
                        .put("rms_norm_eps", EPSILON)
                        .put("rope_theta", THETA)
                        .put("hidden_act", "silu")
                        .put("tie_word_embeddings", false)
                        .put("torch_dtype", "float32")
                        .toPrettyString()
                + "\n";
    }

    /** Names and shapes of all its weights. */
    Map<String, long[]> tensors() {
        BaseModel base = base();
        Map<String, long[]> tensors = new LinkedHashMap<>();
        tensors.put(TorchTransformer.EMBEDDINGS, new long[] {vocabulary, width});
        for (int i = 0; i < layers; i++) {
            layer(base, TransformerLayer.prefix(i), tensors);
        }
        tensors.put(TorchTransformer.LAST_NORM, new long[] {width});
        tensors.put(TorchTransformer.HEAD, new long[] {vocabulary, width});
        return tensors;
    }

    private static void layer(BaseModel base, String prefix, Map<String, long[]> tensors) {
        tensors.put(prefix + "input_layernorm.weight", new long[] {base.width()});
        tensors.put(prefix + "post_attention_layernorm.weight", new long[] {base.width()});
        for (LoraTarget target : LoraTarget.values()) {
            long rows = base.rows(target);
            tensors.put(prefix + target.path() + ".weight", new long[] {rows, base.columns(target)});
            boolean biased = base.architecture().equals("qwen2")
                    && switch (target) {
                        case QUERY, KEY, VALUE -> true;
                        case OUTPUT, GATE, UP, DOWN -> false;
                    };
            if (biased) {
                tensors.put(prefix + target.path() + ".bias", new long[] {rows});
            }
        }
        if (base.architecture().equals("qwen3")) {
            tensors.put(prefix + "self_attn.q_norm.weight", new long[] {base.headWidth()});
            tensors.put(prefix + "self_attn.k_norm.weight", new long[] {base.headWidth()});
        }
    }
}
