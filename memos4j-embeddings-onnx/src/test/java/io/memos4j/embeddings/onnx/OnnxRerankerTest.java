package io.memos4j.embeddings.onnx;

import io.memos4j.api.ErrorCode;
import io.memos4j.spi.models.Reranker;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import static io.memos4j.testkit.FailureAssertions.refused;
import static org.assertj.core.api.Assertions.assertThat;

/** Scores of pairs, and files that are opened or refused. The weights are those of {@link TinyRerankers}. */
class OnnxRerankerTest {
    private static final Duration LONG = Duration.ofMinutes(1);
    private static final List<String> TEXTS = List.of("a cat", "rain", "dog and cat", "dog, dog!");

    @TempDir
    private Path directory;

    private TinyRerankers tiny() {
        return new TinyRerankers(directory);
    }

    @Test
    void textsAreScoredInTheirOrder() throws IOException {
        try (Reranker reranker = tiny().open(1)) {
            assertThat(reranker.score("what?", TEXTS, LONG)).containsExactly(1.0, 0.0, 1001.0, 2000.0);
        }
    }

    @Test
    void ofTwoLogitsTheDifferenceCounts() throws IOException {
        try (Reranker reranker = tiny().open(2)) {
            assertThat(reranker.score("what?", TEXTS, LONG)).containsExactly(4.0, 0.0, 4004.0, 8000.0);
        }
    }

    @Test
    void theQueryIsReadWithTheText() throws IOException {
        try (Reranker reranker = tiny().open(1)) {
            assertThat(reranker.score("cat?", TEXTS, LONG)).containsExactly(2.0, 1.0, 1002.0, 2001.0);
        }
    }

    @Test
    void aModelThatWantsTypesCanTellTheTextFromTheQuery() throws IOException {
        try (Reranker reranker = tiny().open(
                        "types.onnx",
                        new TinyCrossEncoder(TinyRerankers.VOCABULARY, 1, true, TinyRerankers.weights(1)))) {
            assertThat(reranker.score("dog or cat?", TEXTS, LONG)).containsExactly(1.0, 0.0, 1001.0, 2000.0);
        }
    }

    @Test
    void aLongTextIsCutAndTheQueryIsNot() throws IOException {
        String text = "dog ".repeat(25_000);
        try (Reranker reranker = tiny().open(1);
                Reranker narrow = tiny().narrow(64)) {
            // 512 tokens, 3 of them special, 2 of them the query.
            assertThat(reranker.score("cat cat", List.of(text, "cat"), LONG)).containsExactly(507_002.0, 3.0);
            assertThat(narrow.score("cat cat", List.of(text, "cat"), LONG)).containsExactly(59_002.0, 3.0);
        }
    }

    @Test
    void aLongQueryIsCutToHalfOfTheWindow() throws IOException {
        String query = "cat ".repeat(25_000);
        try (Reranker narrow = tiny().narrow(64)) {
            // 64 tokens, 3 of them special, 30 of the query, 31 of the text.
            assertThat(narrow.score(query, List.of("dog ".repeat(100), "dog"), LONG))
                    .containsExactly(31_030.0, 1030.0);
        }
    }

    @Test
    void oddTextsHaveAScore() throws IOException {
        List<String> odd =
                List.of("", "  ", "中 cat", "😀 cat", "\uD83D cat", "\u0000cat", "[SEP] cat", "a".repeat(5_000));
        try (Reranker reranker = tiny().open(1)) {
            assertThat(reranker.score("😀", odd, LONG)).containsExactly(0.0, 0.0, 8.0, 1.0, 1.0, 1.0, 1.0, 0.0);
            assertThat(reranker.score("", odd.subList(2, 3), LONG)).containsExactly(8.0);
        }
    }

    @Test
    void noTextsHaveNoScores() throws IOException {
        try (Reranker reranker = tiny().open(1)) {
            assertThat(reranker.score("what?", List.of(), LONG)).isEmpty();
        }
    }

    @Test
    void weightsInAFileBesideTheModelAreFound() throws IOException {
        TinyCrossEncoder model = new TinyCrossEncoder(TinyRerankers.VOCABULARY, 1, false, TinyRerankers.weights(1));
        Files.write(directory.resolve("beside.onnx_data"), model.rows());
        Path file = Files.write(directory.resolve("beside.onnx"), model.fileWithTableIn("beside.onnx_data"));
        try (Reranker reranker = OnnxReranker.open(file, tiny().tokenizer())) {
            assertThat(reranker.score("what?", TEXTS, LONG)).containsExactly(1.0, 0.0, 1001.0, 2000.0);
        }
    }

    @Test
    void theIdentityIsTheNameAndWhatShapesTheScores() throws IOException {
        try (Reranker one = tiny().open(1);
                Reranker again = tiny().open(1);
                Reranker narrow = tiny().narrow(64);
                Reranker two = tiny().open(2)) {
            assertThat(one.id()).matches("1\\.onnx/[0-9a-f]{16}").isEqualTo(again.id());
            assertThat(narrow.id()).startsWith("1.onnx/").isNotEqualTo(one.id());
            assertThat(two.id()).startsWith("2.onnx/");
        }
    }

    @Test
    void aFileThatIsNoCrossEncoderIsRefusedByName() throws IOException {
        Path model = tiny().model(
                        "good.onnx",
                        new TinyCrossEncoder(TinyRerankers.VOCABULARY, 1, false, TinyRerankers.weights(1)));
        Path nonsense = Files.writeString(directory.resolve("nonsense.onnx"), "not a model");
        Path three = tiny().model("three.onnx", new TinyCrossEncoder(TinyRerankers.VOCABULARY, 3, false, Map.of()));
        Path embedder = tiny().copy("bge-small-en-v1.5-q.onnx");
        assertRefused(() -> OnnxReranker.open(nonsense, tiny().tokenizer()), "nonsense.onnx");
        assertRefused(() -> OnnxReranker.open(three, tiny().tokenizer()), "three.onnx");
        assertRefused(() -> OnnxReranker.open(embedder, tiny().tokenizer()), "bge-small-en-v1.5-q.onnx");
        assertRefused(() -> OnnxReranker.open(directory.resolve("missing.onnx"), tiny().tokenizer()), "missing.onnx");
        assertRefused(() -> OnnxReranker.open(directory, tiny().tokenizer()), directory.toString());
        assertRefused(() -> OnnxReranker.open(model, nonsense), "tokenizer");
        assertRefused(() -> OnnxReranker.open(model, directory.resolve("missing.json")), "missing.json");
        assertRefused(() -> OnnxReranker.open(model, tiny().tokenizer(), 4), "window of 4 tokens");
    }

    private static void assertRefused(ThrowingCallable opening, String named) {
        refused(ErrorCode.INVALID_CONFIGURATION, opening, named);
    }
}
