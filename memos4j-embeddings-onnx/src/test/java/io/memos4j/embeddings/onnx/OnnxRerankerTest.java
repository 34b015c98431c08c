package io.memos4j.embeddings.onnx;

import ai.djl.huggingface.tokenizers.HuggingFaceTokenizer;
import io.memos4j.api.ErrorCode;
import io.memos4j.api.MemoryException;
import io.memos4j.spi.Reranker;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

/** The model is {@link TinyCrossEncoder}: "cat" weighs 1, "dog" 1000, 中 7; of two logits, the first is minus that, the second three times that. */
class OnnxRerankerTest {
    private static final Duration LONG = Duration.ofMinutes(1);
    private static final int VOCABULARY = 30_522;
    private static final Map<String, Integer> WEIGHTS = Map.of("cat", 1, "dog", 1000, "中", 7);
    private static final List<String> TEXTS = List.of("a cat", "rain", "dog and cat", "dog, dog!");

    @TempDir
    private Path directory;

    private Path tokenizer;

    @BeforeEach
    void copyTokenizer() throws IOException {
        tokenizer = copy("bge-small-en-v1.5-q-tokenizer.json");
    }

    @Test
    void textsAreScoredInTheirOrder() throws IOException {
        try (Reranker reranker = open(1)) {
            assertThat(reranker.score("what?", TEXTS, LONG)).containsExactly(1.0, 0.0, 1001.0, 2000.0);
        }
    }

    @Test
    void ofTwoLogitsTheDifferenceCounts() throws IOException {
        try (Reranker reranker = open(2)) {
            assertThat(reranker.score("what?", TEXTS, LONG)).containsExactly(4.0, 0.0, 4004.0, 8000.0);
        }
    }

    @Test
    void theQueryIsReadWithTheText() throws IOException {
        try (Reranker reranker = open(1)) {
            assertThat(reranker.score("cat?", TEXTS, LONG)).containsExactly(2.0, 1.0, 1002.0, 2001.0);
        }
    }

    @Test
    void aModelThatWantsTypesCanTellTheTextFromTheQuery() throws IOException {
        Path model = model("types.onnx", new TinyCrossEncoder(VOCABULARY, 1, true, weights(1)));
        try (Reranker reranker = OnnxReranker.open(model, tokenizer)) {
            assertThat(reranker.score("dog or cat?", TEXTS, LONG)).containsExactly(1.0, 0.0, 1001.0, 2000.0);
        }
    }

    @Test
    void aLongTextIsCutAndTheQueryIsNot() throws IOException {
        String text = "dog ".repeat(25_000);
        try (Reranker reranker = open(1);
                Reranker narrow = OnnxReranker.open(directory.resolve("1.onnx"), tokenizer, 64)) {
            // 512 tokens, 3 of them special, 2 of them the query.
            assertThat(reranker.score("cat cat", List.of(text, "cat"), LONG)).containsExactly(507_002.0, 3.0);
            assertThat(narrow.score("cat cat", List.of(text, "cat"), LONG)).containsExactly(59_002.0, 3.0);
        }
    }

    @Test
    void aLongQueryIsCutToHalfOfTheWindow() throws IOException {
        String query = "cat ".repeat(25_000);
        open(1).close();
        try (Reranker narrow = OnnxReranker.open(directory.resolve("1.onnx"), tokenizer, 64)) {
            // 64 tokens, 3 of them special, 30 of the query, 31 of the text.
            assertThat(narrow.score(query, List.of("dog ".repeat(100), "dog"), LONG))
                    .containsExactly(31_030.0, 1030.0);
        }
    }

    @Test
    void oddTextsHaveAScore() throws IOException {
        List<String> odd =
                List.of("", "  ", "中 cat", "😀 cat", "\uD83D cat", "\u0000cat", "[SEP] cat", "a".repeat(5_000));
        try (Reranker reranker = open(1)) {
            assertThat(reranker.score("😀", odd, LONG)).containsExactly(0.0, 0.0, 8.0, 1.0, 1.0, 1.0, 1.0, 0.0);
            assertThat(reranker.score("", odd.subList(2, 3), LONG)).containsExactly(8.0);
        }
    }

    @Test
    void noTextsHaveNoScores() throws IOException {
        try (Reranker reranker = open(1)) {
            assertThat(reranker.score("what?", List.of(), LONG)).isEmpty();
        }
    }

    @Test
    void concurrentCallsGiveTheScoresOfSingleOnes() throws Exception {
        try (Reranker reranker = open(2);
                ExecutorService threads = Executors.newFixedThreadPool(4)) {
            List<Double> alone = reranker.score("what?", TEXTS, LONG);
            List<Future<List<Double>>> calls = new ArrayList<>();
            for (int i = 0; i < 40; i++) {
                String other = "dog ".repeat(i + 1);
                threads.submit(() -> reranker.score("noise", List.of(other, other + other), LONG));
                calls.add(threads.submit(() -> reranker.score("what?", TEXTS, LONG)));
            }
            for (Future<List<Double>> call : calls) {
                assertThat(call.get()).isEqualTo(alone);
            }
        }
    }

    @Test
    void aCallThatHasNoTimeLeftEnds() throws IOException {
        try (Reranker reranker = open(1)) {
            for (Duration none : List.of(Duration.ofNanos(1), Duration.ZERO, Duration.ofSeconds(-1))) {
                assertFails(ErrorCode.TIMEOUT, () -> reranker.score("what?", TEXTS, none), reranker.id());
            }
            assertThat(reranker.score("what?", TEXTS, Duration.ofSeconds(Long.MAX_VALUE)))
                    .hasSize(4);
        }
    }

    @Test
    void aCallWhoseTimeEndsAmidTheTextsEnds() throws IOException {
        try (Reranker reranker = open(1)) {
            List<String> many = Collections.nCopies(1_000_000, "cat and dog");
            assertFails(ErrorCode.TIMEOUT, () -> reranker.score("what?", many, Duration.ofMillis(50)), "50 ms");
        }
    }

    @Test
    void aCallThatRunsWhileTheRerankerClosesIsCompleteOrRefused() throws Exception {
        Reranker reranker = open(1);
        List<String> many = Collections.nCopies(300, "cat and dog");
        try (ExecutorService threads = Executors.newFixedThreadPool(4)) {
            List<Future<List<Double>>> calls = new ArrayList<>();
            for (int i = 0; i < 20; i++) {
                calls.add(threads.submit(() -> reranker.score("what?", many, LONG)));
            }
            calls.getFirst().get();
            reranker.close();
            for (Future<List<Double>> call : calls) {
                try {
                    assertThat(call.get()).hasSize(300).containsOnly(1001.0);
                } catch (ExecutionException e) {
                    assertFails(
                            ErrorCode.CLOSED,
                            () -> {
                                throw Objects.requireNonNull(e.getCause());
                            },
                            "closed");
                }
            }
        }
    }

    @Test
    void anInterruptedCallEndsAndLeavesTheFlag() throws IOException {
        try (Reranker reranker = open(1)) {
            Thread.currentThread().interrupt();
            assertFails(ErrorCode.INTERRUPTED, () -> reranker.score("what?", TEXTS, LONG), reranker.id());
            assertThat(Thread.interrupted()).isTrue();
        }
    }

    @Test
    void aClosedRerankerSaysSo() throws IOException {
        Reranker reranker = open(1);
        reranker.close();
        reranker.close();
        assertFails(ErrorCode.CLOSED, () -> reranker.score("what?", TEXTS, LONG), "reranker");
    }

    @Test
    void aRunThatFailsSaysSo() throws IOException {
        Path model = model("small.onnx", new TinyCrossEncoder(2_000, 1, false, Map.of()));
        try (Reranker reranker = OnnxReranker.open(model, tokenizer)) {
            assertFails(ErrorCode.MODEL_FAILED, () -> reranker.score("what?", List.of("cat"), LONG), "cross-encoder");
        }
    }

    @Test
    void aScoreThatIsNoNumberIsAFailure() throws IOException {
        Path model =
                model("nan.onnx", new TinyCrossEncoder(VOCABULARY, 1, false, Map.of(id("cat"), new float[] {Float.NaN
                })));
        try (Reranker reranker = OnnxReranker.open(model, tokenizer)) {
            assertThat(reranker.score("what?", List.of("dog"), LONG)).containsExactly(0.0);
            assertFails(ErrorCode.MODEL_FAILED, () -> reranker.score("what?", TEXTS, LONG), "NaN");
        }
    }

    @Test
    void theIdentityIsTheNameAndWhatShapesTheScores() throws IOException {
        try (Reranker one = open(1);
                Reranker again = open(1);
                Reranker narrow = OnnxReranker.open(directory.resolve("1.onnx"), tokenizer, 64);
                Reranker two = open(2)) {
            assertThat(one.id()).matches("1\\.onnx/[0-9a-f]{16}").isEqualTo(again.id());
            assertThat(narrow.id()).startsWith("1.onnx/").isNotEqualTo(one.id());
            assertThat(two.id()).startsWith("2.onnx/");
        }
    }

    @Test
    void aFileThatIsNoCrossEncoderIsRefusedByName() throws IOException {
        Path model = model("good.onnx", new TinyCrossEncoder(VOCABULARY, 1, false, weights(1)));
        Path nonsense = Files.writeString(directory.resolve("nonsense.onnx"), "not a model");
        Path three = model("three.onnx", new TinyCrossEncoder(VOCABULARY, 3, false, Map.of()));
        Path embedder = copy("bge-small-en-v1.5-q.onnx");
        assertRefused(() -> OnnxReranker.open(nonsense, tokenizer), "nonsense.onnx");
        assertRefused(() -> OnnxReranker.open(three, tokenizer), "three.onnx");
        assertRefused(() -> OnnxReranker.open(embedder, tokenizer), "bge-small-en-v1.5-q.onnx");
        assertRefused(() -> OnnxReranker.open(directory.resolve("missing.onnx"), tokenizer), "missing.onnx");
        assertRefused(() -> OnnxReranker.open(directory, tokenizer), directory.toString());
        assertRefused(() -> OnnxReranker.open(model, nonsense), "tokenizer");
        assertRefused(() -> OnnxReranker.open(model, directory.resolve("missing.json")), "missing.json");
        assertRefused(() -> OnnxReranker.open(model, tokenizer, 4), "window of 4 tokens");
    }

    private static void assertRefused(ThrowingCallable opening, String named) {
        assertFails(ErrorCode.INVALID_CONFIGURATION, opening, named);
    }

    private static void assertFails(ErrorCode code, ThrowingCallable call, String named) {
        assertThatThrownBy(call)
                .hasMessageContaining(named)
                .isInstanceOfSatisfying(
                        MemoryException.class,
                        failure -> assertThat(failure.code()).isEqualTo(code));
    }

    private Reranker open(int logits) throws IOException {
        Path model = model(logits + ".onnx", new TinyCrossEncoder(VOCABULARY, logits, false, weights(logits)));
        return OnnxReranker.open(model, tokenizer);
    }

    private Path model(String name, TinyCrossEncoder model) throws IOException {
        return Files.write(directory.resolve(name), model.file());
    }

    private Map<Integer, float[]> weights(int logits) throws IOException {
        Map<Integer, float[]> weights = new HashMap<>();
        for (Map.Entry<String, Integer> word : WEIGHTS.entrySet()) {
            float weight = word.getValue();
            weights.put(id(word.getKey()), logits == 1 ? new float[] {weight} : new float[] {-weight, 3 * weight});
        }
        return weights;
    }

    private int id(String word) throws IOException {
        try (HuggingFaceTokenizer words = Tokenizer.load(Files.newInputStream(tokenizer), "test")) {
            return (int) words.encode(word, false, false).getIds()[0];
        }
    }

    private Path copy(String resource) throws IOException {
        Path file = directory.resolve(resource);
        try (InputStream stream = Objects.requireNonNull(getClass().getResourceAsStream("/" + resource))) {
            Files.copy(stream, file);
        }
        return file;
    }
}
