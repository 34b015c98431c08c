package io.memos4j.trainer.pytorch;

import io.memos4j.api.adapters.LoraTarget;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.BiFunction;
import java.util.function.IntFunction;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;
import org.bytedeco.pytorch.global.torch.ScalarType;

/** A model of the Llama, Qwen2 or Qwen3 family, computed with libtorch. For the thread that created it. */
final class TorchTransformer implements AutoCloseable {
    static final String EMBEDDINGS = "model.embed_tokens.weight";
    static final String LAST_NORM = "model.norm.weight";
    static final String HEAD = "lm_head.weight";

    private final TransformerConfig config;
    private final Tensor embeddings;
    private final List<TransformerLayer> layers = new ArrayList<>();
    private final Tensor lastNorm;
    private final Tensor head;
    private final RotaryEmbedding rotary;

    TorchTransformer(
            TransformerConfig config,
            TensorPlacement placement,
            TensorSource weights,
            BiFunction<Integer, LoraTarget, Optional<LoraUpdate>> loras) {
        this.config = config;
        this.embeddings =
                weights.get(EMBEDDINGS, config.vocabulary(), config.base().width());
        for (int i = 0; i < config.base().layers(); i++) {
            layers.add(new TransformerLayer(config, i, weights, loras));
        }
        this.lastNorm = weights.get(LAST_NORM, config.base().width());
        this.head = config.tied()
                ? embeddings
                : weights.get(HEAD, config.vocabulary(), config.base().width());
        this.rotary = new RotaryEmbedding(config.positions(), placement);
    }

    TransformerConfig config() {
        return config;
    }

    /** Computes the hidden states of each token after the last layer: batch × tokens × width. */
    Tensor hidden(Tensor ids) {
        return hidden(ids, 0, layer -> AttentionCache.NONE);
    }

    /**
     * Computes hidden states after tokens that were computed before.
     *
     * @param ids batch × tokens; one token, unless nothing was computed before
     * @param start the number of tokens computed before
     * @param past their keys and values in each layer
     */
    Tensor hidden(Tensor ids, int start, IntFunction<AttentionCache> past) {
        RotaryEmbedding.Angles angles = rotary.angles(start, Math.toIntExact(ids.size(1)));
        Tensor hidden = torch.embedding(embeddings, ids);
        for (int i = 0; i < layers.size(); i++) {
            hidden = layers.get(i).apply(hidden, angles, past.apply(i));
        }
        return hidden;
    }

    /** Computes the logits of the next token for rows of {@link #hidden}, in 32 bits. */
    Tensor logits(Tensor rows) {
        Tensor normed = TransformerLayer.norm(rows, lastNorm, config.epsilon());
        return torch.linear(normed, head).to(ScalarType.Float);
    }

    @Override
    public void close() {
        rotary.close();
    }
}
