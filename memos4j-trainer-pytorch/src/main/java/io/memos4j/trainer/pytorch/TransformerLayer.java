package io.memos4j.trainer.pytorch;

import io.memos4j.api.adapters.LoraTarget;
import io.memos4j.modelfiles.BaseModel;
import java.util.EnumMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.BiFunction;
import org.bytedeco.pytorch.DoubleOptional;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.TensorOptional;
import org.bytedeco.pytorch.global.torch;

/** A layer of a transformer: attention, then a gated MLP, each after a norm and added to its input. */
final class TransformerLayer {
    private final BaseModel base;
    private final double epsilon;
    private final Map<LoraTarget, LinearProjection> matrices = new EnumMap<>(LoraTarget.class);
    private final Tensor attentionNorm;
    private final Tensor mlpNorm;
    private final Optional<Tensor> queryNorm;
    private final Optional<Tensor> keyNorm;

    /** Takes the weights of a layer by its index; {@code loras} provides the changes by an adapter. */
    TransformerLayer(
            TransformerConfig config,
            int index,
            TensorSource weights,
            BiFunction<Integer, LoraTarget, Optional<LoraUpdate>> loras) {
        this.base = config.base();
        this.epsilon = config.epsilon();
        String prefix = prefix(index);
        this.attentionNorm = weights.get(prefix + "input_layernorm.weight", base.width());
        this.mlpNorm = weights.get(prefix + "post_attention_layernorm.weight", base.width());
        this.queryNorm = headNorm(prefix + "self_attn.q_norm.weight", weights);
        this.keyNorm = headNorm(prefix + "self_attn.k_norm.weight", weights);
        for (LoraTarget target : LoraTarget.values()) {
            long rows = base.rows(target);
            String name = prefix + target.path();
            Tensor weight = weights.get(name + ".weight", rows, base.columns(target));
            Optional<Tensor> bias =
                    weights.has(name + ".bias") ? Optional.of(weights.get(name + ".bias", rows)) : Optional.empty();
            matrices.put(target, new LinearProjection(weight, bias, loras.apply(index, target)));
        }
    }

    private Optional<Tensor> headNorm(String name, TensorSource weights) {
        return base.architecture().equals("qwen3")
                ? Optional.of(weights.get(name, base.headWidth()))
                : Optional.empty();
    }

    static String prefix(int index) {
        return "model.layers." + index + ".";
    }

    /**
     * Computes the layer.
     *
     * @param input batch × tokens × width
     * @param angles of the positions of these tokens
     * @param past keys and values of this layer for the previous tokens; those of these tokens are appended
     */
    Tensor apply(Tensor input, RotaryEmbedding.Angles angles, AttentionCache past) {
        Tensor attended = input.add(attention(norm(input, attentionNorm), angles, past));
        return attended.add(mlp(norm(attended, mlpNorm)));
    }

    private Tensor attention(Tensor input, RotaryEmbedding.Angles angles, AttentionCache past) {
        Tensor queries = angles.rotate(heads(LoraTarget.QUERY, input, queryNorm));
        Tensor keys = past.keys(angles.rotate(heads(LoraTarget.KEY, input, keyNorm)));
        Tensor values = past.values(heads(LoraTarget.VALUE, input, Optional.empty()));
        boolean causal = queries.size(2) > 1;
        Tensor attended = torch.scaled_dot_product_attention(
                queries, shared(keys), shared(values), new TensorOptional(), 0, causal, new DoubleOptional(), false);
        return project(
                LoraTarget.OUTPUT,
                attended.transpose(1, 2).reshape(input.size(0), input.size(1), base.heads() * base.headWidth()));
    }

    /** Projects to batch × heads × tokens × head width. */
    private Tensor heads(LoraTarget target, Tensor input, Optional<Tensor> norm) {
        Tensor heads = project(target, input).view(input.size(0), input.size(1), -1, base.headWidth());
        return norm.map(weight -> norm(heads, weight)).orElse(heads).transpose(1, 2);
    }

    /** Repeats each key or value head for the query heads that share it. */
    private Tensor shared(Tensor heads) {
        int share = base.heads() / base.cacheHeads();
        if (share == 1) {
            return heads;
        }
        long batch = heads.size(0);
        long tokens = heads.size(2);
        return heads.unsqueeze(2)
                .expand(batch, base.cacheHeads(), share, tokens, base.headWidth())
                .reshape(batch, base.heads(), tokens, base.headWidth());
    }

    private Tensor mlp(Tensor input) {
        Tensor gate = torch.silu(project(LoraTarget.GATE, input));
        return project(LoraTarget.DOWN, gate.mul(project(LoraTarget.UP, input)));
    }

    private Tensor project(LoraTarget target, Tensor input) {
        LinearProjection matrix = matrices.get(target);
        if (matrix == null) {
            throw new IllegalStateException("Every layer has a projection " + target + ".");
        }
        return matrix.apply(input);
    }

    private Tensor norm(Tensor input, Tensor weight) {
        return norm(input, weight, epsilon);
    }

    /** Divides each row by its root mean square (Zhang and Sennrich, 2019) and multiplies it with the weight. */
    static Tensor norm(Tensor input, Tensor weight, double epsilon) {
        return torch.rms_norm(
                input, new long[] {weight.size(0)}, new TensorOptional(weight), new DoubleOptional(epsilon));
    }
}
