package io.memos4j.trainer.pytorch;

import io.memos4j.api.ErrorCode;
import io.memos4j.api.MemoryException;
import io.memos4j.spi.training.TrainedAdapter;
import io.memos4j.spi.training.TrainingExample;
import io.memos4j.spi.training.TrainingPlan;
import io.memos4j.spi.training.TrainingProgress;
import io.memos4j.spi.training.TrainingRequest;
import io.memos4j.testkit.runtime.TrainingDialogues;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Predicate;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import static io.memos4j.testkit.FailureAssertions.refused;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

/** A stopped training resumes to the same weights. */
class PytorchResumeTest {
    @TempDir
    Path folder;

    private Path base;

    @BeforeEach
    void writeBase() throws IOException {
        base = TinyBase.random(folder.resolve("base"), BaseModelShape.tiny("qwen3"), 1);
    }

    private TrainingRequest request(String output) {
        List<TrainingExample> examples =
                TrainingDialogues.SENTENCES.stream().map(ByteTokens::text).toList();
        return TrainingRequest.of(base, folder.resolve(output), examples)
                .plan(TrainingPlan.ofSteps(20).batch(2, 2).checkpointEvery(6))
                .compute(ByteTokens.ALONE)
                .checkpoints(folder.resolve("state"));
    }

    private static TrainedAdapter train(TrainingRequest request, Predicate<TrainingProgress> sink) {
        return new PytorchTrainer().train(request, sink);
    }

    private static void stop(TrainingRequest request, int step) {
        refused(
                ErrorCode.INTERRUPTED,
                () -> train(request, progress -> progress.step() < step),
                "stopped after step " + step + " of 20");
    }

    private Path weights(String output) {
        return folder.resolve(output).resolve("adapter_model.safetensors");
    }

    @Test
    void stoppedTwiceItEndsWithTheSameBytesAndRecord() throws IOException {
        TrainedAdapter whole = train(request("whole"), progress -> true);
        assertThat(folder.resolve("state")).isEmptyDirectory();

        stop(request("parts"), 5);
        stop(request("parts"), 13);
        assertThat(folder.resolve("parts")).doesNotExist();
        List<Integer> steps = new ArrayList<>();
        TrainedAdapter parts = train(request("parts"), progress -> steps.add(progress.step()));

        assertThat(steps).startsWith(14).endsWith(20);
        assertThat(weights("parts")).hasSameBinaryContentAs(weights("whole"));
        assertThat(parts.record().curve()).isEqualTo(whole.record().curve()).hasSize(20);
        assertThat(parts.record().tokens()).isEqualTo(whole.record().tokens());
        assertThat(folder.resolve("state")).isEmptyDirectory();
    }

    @Test
    void interruptedCallerGetsItsThreadBackWithACheckpoint() throws Exception {
        CountDownLatch began = new CountDownLatch(1);
        AtomicReference<Throwable> failure = new AtomicReference<>();
        AtomicInteger last = new AtomicInteger();
        TrainingRequest request = request("a").plan(TrainingPlan.ofSteps(1_000_000));
        Thread caller = Thread.ofVirtual().start(() -> {
            try {
                train(request, progress -> {
                    last.set(progress.step());
                    began.countDown();
                    return true;
                });
            } catch (MemoryException e) {
                failure.set(Thread.currentThread().isInterrupted() ? e : new AssertionError("not interrupted", e));
            }
        });
        began.await();
        caller.interrupt();
        caller.join();
        assertThat(failure.get())
                .isInstanceOfSatisfying(
                        MemoryException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.INTERRUPTED));
        List<Integer> steps = new ArrayList<>();
        assertThatThrownBy(() -> train(request, progress -> {
                    steps.add(progress.step());
                    return false;
                }))
                .isInstanceOf(MemoryException.class);
        assertThat(steps).containsExactly(last.get() + 1);
    }

    @Test
    void withoutAFolderForCheckpointsNothingIsKept() {
        TrainingRequest plain = TrainingRequest.of(
                        base, folder.resolve("a"), List.of(ByteTokens.text("Nothing stays.")))
                .compute(ByteTokens.ALONE);
        assertThatThrownBy(() -> train(plain, progress -> false)).hasMessageContaining("nothing of it is kept");
        try (var files = Files.list(folder)) {
            assertThat(files).containsExactly(base);
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    @Test
    void failureOfTheSinkIsItsOwn() {
        assertThatThrownBy(() -> train(request("a"), progress -> {
                    throw new IllegalStateException("the sink is full");
                }))
                .isInstanceOf(IllegalStateException.class)
                .hasMessage("the sink is full");
    }

    @Test
    void checkpointOfAnotherTrainingIsRefused() {
        stop(request("a"), 3);
        TrainingRequest other = request("a").plan(TrainingPlan.ofSteps(20).seed(9));
        assertThatThrownBy(() -> train(other, progress -> true))
                .isInstanceOf(MemoryException.class)
                .hasMessageContaining("belongs to another training")
                .hasMessageContaining("Delete it");
    }

    @Test
    void brokenCheckpointIsRefusedAndNotOverwritten() throws IOException {
        stop(request("a"), 3);
        Path file = folder.resolve("state/checkpoint.safetensors");
        byte[] whole = Files.readAllBytes(file);
        byte[] half = Arrays.copyOf(whole, whole.length / 2);
        Files.write(file, half);
        assertThatThrownBy(() -> train(request("a"), progress -> true))
                .isInstanceOf(MemoryException.class)
                .hasMessageContaining("checkpoint.safetensors");
        assertThat(file).hasBinaryContent(half);
    }
}
