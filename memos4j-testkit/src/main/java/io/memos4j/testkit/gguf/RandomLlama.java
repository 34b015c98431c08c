package io.memos4j.testkit.gguf;

import io.memos4j.modelfiles.GgufWriter;
import io.memos4j.modelfiles.Numbers;
import io.memos4j.modelfiles.Weights;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * A model of the llama architecture with weights from a seed, for tests and for timing: it computes what a trained model of its size
 * computes, and says nothing sensible. Its vocabulary is the 256 bytes, a space, three control tokens, and the two of ChatML if the
 * template names one of them.
 *
 * @param layers number of layers
 * @param width numbers that stand for one token
 * @param heads heads of the queries
 * @param cacheHeads heads of keys and values
 * @param feedForward inner width of the feed-forward part
 * @param contextLength tokens that it claims to be trained for
 * @param numbers type of the matrices
 * @param seed of the weights
 * @param template the chat template; none if empty
 */
public record RandomLlama(
        int layers,
        int width,
        int heads,
        int cacheHeads,
        int feedForward,
        int contextLength,
        Numbers numbers,
        long seed,
        String template) {
    /** A chat template that llama.cpp knows. */
    public static final String CHATML =
            "{% for message in messages %}{{ '<|im_start|>' + message['role'] + '\n' + message['content']"
                    + " + '<|im_end|>' + '\n' }}{% endfor %}{% if add_generation_prompt %}{{ '<|im_start|>assistant\n' }}{% endif %}";

    private static final List<String> CHATML_TOKENS = List.of("<|im_start|>", "<|im_end|>");

    /** 1.9 million parameters, 7.6 MB. */
    public static RandomLlama tiny(long seed) {
        return new RandomLlama(3, 256, 4, 2, 512, 2_048, Numbers.F32, seed, "");
    }

    /** 142 million parameters, 284 MB; 4 heads of 128 numbers in 12 layers, so that its cache has 24 KiB a token. */
    public static RandomLlama timing(long seed) {
        return new RandomLlama(12, 1_024, 8, 4, 2_816, 8_192, Numbers.F16, seed, "");
    }

    public RandomLlama contextLength(int tokens) {
        return new RandomLlama(layers, width, heads, cacheHeads, feedForward, tokens, numbers, seed, template);
    }

    public RandomLlama template(String text) {
        return new RandomLlama(layers, width, heads, cacheHeads, feedForward, contextLength, numbers, seed, text);
    }

    public RandomLlama numbers(Numbers type) {
        return new RandomLlama(layers, width, heads, cacheHeads, feedForward, contextLength, type, seed, template);
    }

    /** Numbers in one head. */
    public int headWidth() {
        return width / heads;
    }

    /** Writes the model. */
    public void write(Path file) throws IOException {
        GgufWriter gguf = new GgufWriter();
        describe(gguf);
        vocabulary(gguf);
        tensors(gguf);
        gguf.write(file);
    }

    private void describe(GgufWriter gguf) {
        gguf.put("general.architecture", "llama")
                .put("general.name", "random")
                .put("general.file_type", numbers == Numbers.F16 ? 1 : 0)
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

    private void vocabulary(GgufWriter gguf) {
        List<String> tokens = new ArrayList<>(List.of("<unk>", "<s>", "</s>"));
        List<Integer> types = new ArrayList<>(List.of(2, 3, 3));
        for (int i = 0; i < 256; i++) {
            tokens.add(String.format("<0x%02X>", i));
            types.add(6);
        }
        tokens.add("▁");
        types.add(1);
        tokens.addAll(chatTokens());
        chatTokens().forEach(token -> types.add(3));
        float[] scores = new float[tokens.size()];
        Arrays.fill(scores, -1f);
        gguf.put("tokenizer.ggml.model", "llama")
                .put("tokenizer.ggml.tokens", tokens)
                .put("tokenizer.ggml.scores", scores)
                .put(
                        "tokenizer.ggml.token_type",
                        types.stream().mapToInt(Integer::intValue).toArray())
                .put("tokenizer.ggml.unknown_token_id", 0)
                .put("tokenizer.ggml.bos_token_id", 1)
                .put("tokenizer.ggml.eos_token_id", 2)
                .put("tokenizer.ggml.add_bos_token", true)
                .put("tokenizer.ggml.add_space_prefix", false);
        if (!template.isEmpty()) {
            gguf.put("tokenizer.chat_template", template);
        }
    }

    private List<String> chatTokens() {
        return CHATML_TOKENS.stream().anyMatch(template::contains) ? CHATML_TOKENS : List.of();
    }

    private void tensors(GgufWriter gguf) {
        Numerals numerals = new Numerals(seed);
        int words = 260 + chatTokens().size();
        int cacheWidth = cacheHeads * headWidth();
        gguf.tensor("token_embd.weight", numbers, numerals.of(1), width, words);
        for (int i = 0; i < layers; i++) {
            String layer = "blk." + i + ".";
            gguf.tensor(layer + "attn_norm.weight", Numbers.F32, () -> 1, width)
                    .tensor(layer + "attn_q.weight", numbers, numerals.of(width), width, width)
                    .tensor(layer + "attn_k.weight", numbers, numerals.of(width), width, cacheWidth)
                    .tensor(layer + "attn_v.weight", numbers, numerals.of(width), width, cacheWidth)
                    .tensor(layer + "attn_output.weight", numbers, numerals.of(width), width, width)
                    .tensor(layer + "ffn_norm.weight", Numbers.F32, () -> 1, width)
                    .tensor(layer + "ffn_gate.weight", numbers, numerals.of(width), width, feedForward)
                    .tensor(layer + "ffn_up.weight", numbers, numerals.of(width), width, feedForward)
                    .tensor(layer + "ffn_down.weight", numbers, numerals.of(feedForward), feedForward, width);
        }
        gguf.tensor("output_norm.weight", Numbers.F32, () -> 1, width)
                .tensor("output.weight", numbers, numerals.of(width), width, words);
    }

    /** Evenly distributed numbers from one seed (the generator of SplitMix64), scaled so that a product of matrices keeps its size. */
    private static final class Numerals {
        private long state;

        Numerals(long seed) {
            this.state = seed;
        }

        Weights of(int inputs) {
            float scale = (float) Math.sqrt(3.0 / inputs);
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
