package io.memos4j.testkit.models;

import io.memos4j.api.ErrorCode;
import io.memos4j.api.MemoryException;
import io.memos4j.spi.models.Embedder;
import io.memos4j.spi.models.Embedder.Purpose;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.assertj.core.data.Offset;
import org.junit.jupiter.api.Test;

import static io.memos4j.testkit.FailureAssertions.refused;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

/** Contract of embedders. Extend it and open yours. */
public abstract class EmbedderContract {
    /** Opens the embedder under test. */
    protected abstract Embedder open();

    @Test
    void vectorsHaveUnitLengthAndTheStatedDimension() {
        try (Embedder embedder = open()) {
            for (Purpose purpose : Purpose.values()) {
                float[] vector = embedder.embed("The boat leaves the harbour at six", purpose);
                assertThat(vector).hasSize(embedder.dimension());
                assertThat(dot(vector, vector)).isCloseTo(1, Offset.offset(1e-3));
            }
            assertThat(embedder.id()).isNotBlank();
            assertThat(embedder.concurrency()).isPositive();
        }
    }

    @Test
    void theSameTextHasTheSameVectorWhateverGoesOnBesides() throws Exception {
        try (Embedder embedder = open();
                ExecutorService threads = Executors.newFixedThreadPool(4)) {
            String text = "My sister lives in Almada with two children and a parrot.";
            float[] alone = embedder.embed(text, Purpose.DOCUMENT);
            List<Future<float[]>> same = new ArrayList<>();
            for (int i = 0; i < 40; i++) {
                String other = "noise ".repeat(i + 1);
                threads.submit(() -> embedder.embed(other, Purpose.DOCUMENT));
                same.add(threads.submit(() -> embedder.embed(text, Purpose.DOCUMENT)));
            }
            for (Future<float[]> each : same) {
                assertThat(each.get()).containsExactly(alone);
            }
        }
    }

    @Test
    void nothingOfALongTextIsCutOff() {
        try (Embedder embedder = open()) {
            String start = "An ordinary sentence about the weather in spring. ".repeat(120);
            float[] a = embedder.embed(
                    start + "At the very end a submarine volcano erupts near the Azores.", Purpose.DOCUMENT);
            float[] b = embedder.embed(start + "At the very end somebody bakes bread with walnuts.", Purpose.DOCUMENT);
            assertThat(dot(a, b)).isLessThan(0.99999);
        }
    }

    @Test
    void oddTextNeverFails() {
        try (Embedder embedder = open()) {
            for (String odd : List.of(
                    "😀", "1234567890", "…", "\uFFFD", "a".repeat(5_000), "<>&\"'\\", "x\ty\nz", "中文 and more")) {
                assertThat(embedder.embed(odd, Purpose.DOCUMENT)).hasSize(embedder.dimension());
            }
            assertThatThrownBy(() -> embedder.embed("  ", Purpose.QUERY)).isInstanceOf(MemoryException.class);
        }
    }

    @Test
    void aClosedEmbedderSaysSo() {
        Embedder embedder = open();
        embedder.close();
        embedder.close();
        refused(ErrorCode.CLOSED, () -> embedder.embed("late", Purpose.QUERY));
    }

    /** The dot product of two vectors. */
    protected static double dot(float[] a, float[] b) {
        double sum = 0;
        for (int i = 0; i < a.length; i++) {
            sum += (double) a[i] * b[i];
        }
        return sum;
    }
}
