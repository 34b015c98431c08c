package io.memos4j.embeddings.onnx;

import ai.djl.huggingface.tokenizers.Encoding;
import ai.djl.huggingface.tokenizers.HuggingFaceTokenizer;
import io.memos4j.api.ErrorCode;
import java.io.ByteArrayInputStream;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.Test;

import static io.memos4j.testkit.FailureAssertions.refused;
import static org.assertj.core.api.Assertions.assertThat;

class PairTokenizerTest {
    private static final String QUERY = "{\"Sequence\":{\"id\":\"A\",\"type_id\":0}}";
    private static final String TEXT = "{\"Sequence\":{\"id\":\"B\",\"type_id\":0}}";
    private static final String START = "{\"SpecialToken\":{\"id\":\"<s>\",\"type_id\":0}}";
    private static final String END = "{\"SpecialToken\":{\"id\":\"</s>\",\"type_id\":0}}";

    @Test
    void aPairOfBertIsWhatItsTokenizerMakesOfIt() {
        List<String> texts = List.of("A flat in Lyon.", "", "中文 and 😀", "[SEP] [MASK] cat", "x");
        try (HuggingFaceTokenizer whole = WindowTokenizer.load(bert(), "bert");
                PairTokenizer pairs = new PairTokenizer(bert(), 512, "bert")) {
            for (String query : texts) {
                for (String text : texts) {
                    Encoding expected = whole.encode(query, text, true, false);
                    PairTokenizer.Pair pair = pairs.pair(pairs.query(query), text);
                    assertThat(pair.tokens()).containsExactly(expected.getIds());
                    assertThat(pair.types()).containsExactly(expected.getTypeIds());
                }
            }
        }
    }

    @Test
    void aPairOfRobertaHasTwoEndsBetween() {
        try (PairTokenizer pairs = open(roberta(START, QUERY, END, END, TEXT, END), 10)) {
            PairTokenizer.Pair pair = pairs.pair(pairs.query("a b"), "b a");
            assertThat(pair.tokens()).containsExactly(0, 3, 4, 1, 1, 4, 3, 1);
            assertThat(pair.types()).containsOnly(0).hasSize(8);
            // Room for 6: at most 3 of the query, and the text what that leaves.
            assertThat(pairs.query("a a a a a")).containsExactly(3, 3, 3);
            assertThat(pairs.pair(pairs.query("a a a a a"), "b b b b b").tokens())
                    .containsExactly(0, 3, 3, 3, 1, 1, 4, 4, 4, 1);
            assertThat(pairs.pair(pairs.query("a"), "b b b b b b b").tokens())
                    .containsExactly(0, 3, 1, 1, 4, 4, 4, 4, 4, 1);
        }
    }

    @Test
    void aCutInsideOfAnEmojiDoesNoHarm() {
        // The window of 10 tokens is looked for in the first 320 characters.
        String text = "b" + " ".repeat(318) + "😀 a";
        try (PairTokenizer pairs = open(roberta(START, QUERY, END, END, TEXT, END), 10)) {
            assertThat(pairs.pair(pairs.query("a"), text).tokens()).startsWith(0, 3, 1, 1, 4);
        }
    }

    @Test
    void aFormThatPutsTheTextFirstIsRefused() {
        refused(ErrorCode.INVALID_CONFIGURATION, () -> open(roberta(START, TEXT, END, QUERY, END), 10), "tiny");
    }

    private static PairTokenizer open(String json, int maxTokens) {
        return new PairTokenizer(new ByteArrayInputStream(json.getBytes(StandardCharsets.UTF_8)), maxTokens, "tiny");
    }

    private static InputStream bert() {
        return Objects.requireNonNull(
                PairTokenizerTest.class.getResourceAsStream("/bge-small-en-v1.5-q-tokenizer.json"));
    }

    /** A tokenizer of words that knows "a" and "b". */
    private static String roberta(String... pair) {
        return """
                {"version": "1.0", "truncation": null, "padding": null, "normalizer": null, "decoder": null,
                 "added_tokens": [],
                 "pre_tokenizer": {"type": "Whitespace"},
                 "post_processor": {"type": "TemplateProcessing",
                   "single": [%s, %s, %s],
                   "pair": [%s],
                   "special_tokens": {"<s>": {"id": "<s>", "ids": [0], "tokens": ["<s>"]},
                                      "</s>": {"id": "</s>", "ids": [1], "tokens": ["</s>"]}}},
                 "model": {"type": "WordLevel", "unk_token": "<unk>",
                   "vocab": {"<s>": 0, "</s>": 1, "<unk>": 2, "a": 3, "b": 4}}}
                """.formatted(START, QUERY, END, String.join(", ", pair));
    }
}
