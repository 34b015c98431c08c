package io.memos4j.embeddings.onnx;

import io.memos4j.api.ErrorCode;
import io.memos4j.spi.models.Reranker;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import static io.memos4j.testkit.FailureAssertions.refused;
import static org.assertj.core.api.Assertions.assertThat;

/**
 * Calls that are concurrent, out of time, on a closed reranker or on a broken model. The weights are those of
 * {@link TinyRerankers}.
 */
class OnnxRerankerCallsTest {
    private static final Duration LONG = Duration.ofMinutes(1);
    private static final List<String> TEXTS = List.of("a cat", "rain", "dog and cat", "dog, dog!");

    @TempDir
    private Path directory;

    private TinyRerankers tiny() {
        return new TinyRerankers(directory);
    }

    @Test
    void concurrentCallsGiveTheScoresOfSingleOnes() throws Exception {
        try (Reranker reranker = tiny().open(2);
                ExecutorService threads = Executors.newFixedThreadPool(4)) {
            List<Double> alone = reranker.score("what?", TEXTS, LONG);
            List<Future<List<Double>>> noise = new ArrayList<>();
            List<Future<List<Double>>> calls = new ArrayList<>();
            for (int i = 0; i < 40; i++) {
                String other = "dog ".repeat(i + 1);
                noise.add(threads.submit(() -> reranker.score("noise", List.of(other, other + other), LONG)));
                calls.add(threads.submit(() -> reranker.score("what?", TEXTS, LONG)));
            }
            for (Future<List<Double>> call : calls) {
                assertThat(call.get()).isEqualTo(alone);
            }
            for (Future<List<Double>> call : noise) {
                assertThat(call.get()).hasSize(2);
            }
        }
    }

    @Test
    void aCallThatHasNoTimeLeftEnds() throws IOException {
        try (Reranker reranker = tiny().open(1)) {
            for (Duration none : List.of(Duration.ofNanos(1), Duration.ZERO, Duration.ofSeconds(-1))) {
                refused(ErrorCode.TIMEOUT, () -> reranker.score("what?", TEXTS, none), reranker.id());
            }
            assertThat(reranker.score("what?", TEXTS, Duration.ofSeconds(Long.MAX_VALUE)))
                    .hasSize(4);
        }
    }

    @Test
    void aCallWhoseTimeEndsAmidTheTextsEnds() throws IOException {
        try (Reranker reranker = tiny().open(1)) {
            List<String> many = Collections.nCopies(1_000_000, "cat and dog");
            refused(ErrorCode.TIMEOUT, () -> reranker.score("what?", many, Duration.ofMillis(50)), "50 ms");
        }
    }

    @Test
    void anInterruptedCallEndsAndLeavesTheFlag() throws IOException {
        try (Reranker reranker = tiny().open(1)) {
            Thread.currentThread().interrupt();
            refused(ErrorCode.INTERRUPTED, () -> reranker.score("what?", TEXTS, LONG), reranker.id());
            assertThat(Thread.interrupted()).isTrue();
        }
    }

    @Test
    void aCallThatRunsWhileTheRerankerClosesIsCompleteOrRefused() throws Exception {
        Reranker reranker = tiny().open(1);
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
                    refused(
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
    void aClosedRerankerSaysSo() throws IOException {
        Reranker reranker = tiny().open(1);
        reranker.close();
        reranker.close();
        refused(ErrorCode.CLOSED, () -> reranker.score("what?", TEXTS, LONG), "reranker");
    }

    @Test
    void aRunThatFailsSaysSo() throws IOException {
        try (Reranker reranker = tiny().open("small.onnx", new TinyCrossEncoder(2_000, 1, false, Map.of()))) {
            refused(ErrorCode.MODEL_FAILED, () -> reranker.score("what?", List.of("cat"), LONG), "cross-encoder");
        }
    }

    @Test
    void aScoreThatIsNoNumberIsAFailure() throws IOException {
        Path model = tiny().model(
                        "nan.onnx",
                        new TinyCrossEncoder(
                                TinyRerankers.VOCABULARY, 1, false, Map.of(TinyRerankers.token("cat"), new float[] {
                                    Float.NaN
                                })));
        try (Reranker reranker = OnnxReranker.open(model, tiny().tokenizer())) {
            assertThat(reranker.score("what?", List.of("dog"), LONG)).containsExactly(0.0);
            refused(ErrorCode.MODEL_FAILED, () -> reranker.score("what?", TEXTS, LONG), "NaN");
        }
    }
}
