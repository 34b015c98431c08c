package io.memos4j.modelfiles;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * The vocabulary of models that this project creates: three control tokens (unknown 0, start 1, end 2), the 256 bytes
 * from 3 on, a space, and the two tokens of ChatML if the template names one of them. To llama.cpp it is a
 * SentencePiece vocabulary.
 *
 * @param template the chat template; none if empty
 */
public record ByteVocabulary(String template) {
    private static final List<String> CHATML_TOKENS = List.of("<|im_start|>", "<|im_end|>");
    private static final int NORMAL = 1;
    private static final int UNKNOWN = 2;
    private static final int CONTROL = 3;
    private static final int BYTE = 6;

    /** The number of tokens. */
    public int size() {
        return 260 + chatTokens().size();
    }

    /** Adds the vocabulary to a GGUF file. */
    public void put(GgufWriter gguf) {
        List<String> tokens = new ArrayList<>(List.of("<unk>", "<s>", "</s>"));
        List<Integer> types = new ArrayList<>(List.of(UNKNOWN, CONTROL, CONTROL));
        for (int i = 0; i < 256; i++) {
            tokens.add(String.format("<0x%02X>", i));
            types.add(BYTE);
        }
        tokens.add("▁");
        types.add(NORMAL);
        for (String token : chatTokens()) {
            tokens.add(token);
            types.add(CONTROL);
        }
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
}
