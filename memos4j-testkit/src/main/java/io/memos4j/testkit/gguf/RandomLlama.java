package io.memos4j.testkit.gguf;

import io.memos4j.modelfiles.ByteVocabulary;
import io.memos4j.modelfiles.GgufWriter;
import io.memos4j.modelfiles.TensorType;
import io.memos4j.modelfiles.WeightSource;
import java.io.IOException;
import java.nio.file.Path;

/**
 * A model of the llama architecture with weights from a seed, for tests and for timing: it computes what a trained
 * model of its size computes, and says nothing sensible. Its vocabulary is a {@link ByteVocabulary}.
 *
 * @param layers number of layers
 * @param width numbers that stand for one token
 * @param heads heads of the queries
 * @param cacheHeads heads of keys and values
 * @param feedForward inner width of the feed-forward part
 * @param contextLength tokens that it claims to be trained for
 * @param numbers type of the matrices
 * @param seed of the weights
 * @param sharpness the standard deviation of attention scores: 1 gives every token nearly the same attention, 4 gives
 *     most of it to a few
 * @param template the chat template; none if empty
 */
public record RandomLlama(
        int layers,
        int width,
        int heads,
        int cacheHeads,
        int feedForward,
        int contextLength,
        TensorType numbers,
        long seed,
        float sharpness,
        String template) {
    /** A chat template that llama.cpp knows. */
    public static final String CHATML =
            "{% for message in messages %}{{ '<|im_start|>' + message['role'] + '\n' + message['content']"
                    + " + '<|im_end|>' + '\n' }}{% endfor %}{% if add_generation_prompt %}{{"
                    + " '<|im_start|>assistant\n' }}{% endif %}";

    /** 1.9 million parameters, 7.6 MB. */
    public static RandomLlama tiny(long seed) {
        return new RandomLlama(3, 256, 4, 2, 512, 2_048, TensorType.F32, seed, 1, "");
    }

    /** 142 million parameters, 284 MB; 4 heads of 128 numbers in 12 layers, so that its cache has 24 KiB a token. */
    public static RandomLlama timing(long seed) {
        return new RandomLlama(12, 1_024, 8, 4, 2_816, 8_192, TensorType.F16, seed, 1, "");
    }

    /** 354 million parameters, 708 MB: the same with 30 layers. */
    public static RandomLlama larger(long seed) {
        return new RandomLlama(30, 1_024, 8, 4, 2_816, 8_192, TensorType.F16, seed, 1, "");
    }

    public RandomLlama contextLength(int tokens) {
        return new RandomLlama(
                layers, width, heads, cacheHeads, feedForward, tokens, numbers, seed, sharpness, template);
    }

    public RandomLlama template(String text) {
        return new RandomLlama(
                layers, width, heads, cacheHeads, feedForward, contextLength, numbers, seed, sharpness, text);
    }

    public RandomLlama numbers(TensorType type) {
        return new RandomLlama(
                layers, width, heads, cacheHeads, feedForward, contextLength, type, seed, sharpness, template);
    }

    public RandomLlama sharpness(float deviation) {
        return new RandomLlama(
                layers, width, heads, cacheHeads, feedForward, contextLength, numbers, seed, deviation, template);
    }

    /** Numbers in one head. */
    public int headWidth() {
        return width / heads;
    }

    /** Writes the model. */
    public void write(Path file) throws IOException {
        GgufWriter gguf = new GgufWriter();
        describe(gguf);
        new ByteVocabulary(template).put(gguf);
        tensors(gguf);
        gguf.write(file);
    }

    private void describe(GgufWriter gguf) {
        gguf.put("general.architecture", "llama")
                .put("general.name", "random")
                .put("general.file_type", numbers == TensorType.F16 ? 1 : 0)
                .put("llama.context_length", contextLength)
                .put("llama.embedding_length", width)
                .put("llama.block_count", layers)
                .put("llama.feed_forward_length", feedForward)
                .put("llama.attention.head_count", heads)
                .put("llama.attention.head_count_kv", cacheHeads)
                .put("llama.attention.layer_norm_rms_epsilon", 1e-5f)
                .put("llama.rope.dimension_count", headWidth())
                .put("llama.rope.freq_base", 10_000f);
    }

    private void tensors(GgufWriter gguf) {
        Numerals numerals = new Numerals(seed);
        int words = new ByteVocabulary(template).size();
        int cacheWidth = cacheHeads * headWidth();
        gguf.tensor("token_embd.weight", numbers, numerals.of(1), width, words);
        for (int i = 0; i < layers; i++) {
            String layer = "blk." + i + ".";
            gguf.tensor(layer + "attn_norm.weight", TensorType.F32, () -> 1, width)
                    .tensor(layer + "attn_q.weight", numbers, numerals.of(width, sharpness), width, width)
                    .tensor(layer + "attn_k.weight", numbers, numerals.of(width), width, cacheWidth)
                    .tensor(layer + "attn_v.weight", numbers, numerals.of(width), width, cacheWidth)
                    .tensor(layer + "attn_output.weight", numbers, numerals.of(width), width, width)
                    .tensor(layer + "ffn_norm.weight", TensorType.F32, () -> 1, width)
                    .tensor(layer + "ffn_gate.weight", numbers, numerals.of(width), width, feedForward)
                    .tensor(layer + "ffn_up.weight", numbers, numerals.of(width), width, feedForward)
                    .tensor(layer + "ffn_down.weight", numbers, numerals.of(feedForward), feedForward, width);
        }
        gguf.tensor("output_norm.weight", TensorType.F32, () -> 1, width)
                .tensor("output.weight", numbers, numerals.of(width), width, words);
    }

    /**
     * Evenly distributed numbers from one seed (the generator of SplitMix64), scaled so that a product of matrices
     * keeps its size.
     */
    private static final class Numerals {
        private long state;

        Numerals(long seed) {
            this.state = seed;
        }

        WeightSource of(int inputs) {
            return of(inputs, 1);
        }

        WeightSource of(int inputs, float size) {
            float scale = size * (float) Math.sqrt(3.0 / inputs);
            return () -> scale * next();
        }

        private float next() {
            state += 0x9E3779B97F4A7C15L;
            long z = state;
            z = (z ^ (z >>> 30)) * 0xBF58476D1CE4E5B9L;
            z = (z ^ (z >>> 27)) * 0x94D049BB133111EBL;
            z ^= z >>> 31;
            return (z >> 40) * 0x1p-23f;
        }
    }
}
