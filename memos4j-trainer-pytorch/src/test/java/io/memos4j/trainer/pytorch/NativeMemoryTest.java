package io.memos4j.trainer.pytorch;

import io.memos4j.spi.training.ModelProbe;
import io.memos4j.spi.training.ModelProbeProvider.Model;
import io.memos4j.spi.training.TrainingPlan;
import io.memos4j.spi.training.TrainingRequest;
import io.memos4j.testkit.runtime.TrainingDialogues;
import java.io.IOException;
import java.nio.file.Path;
import org.bytedeco.javacpp.Pointer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Native memory does not grow with the steps of a training or the calls of a probe: by at most 24 MiB over 200 of them,
 * 120 kB each, and by less than one tensor per two of them.
 */
class NativeMemoryTest {
    private static final long BOUND = 24 << 20;

    @TempDir
    Path folder;

    @Test
    void twoHundredMoreStepsNeedNothingMore() throws IOException {
        TrainingRequest request = TrainingRequest.of(
                        TinyBase.random(folder.resolve("base"), BaseModelShape.tiny("llama"), 1),
                        folder.resolve("adapter"),
                        TrainingDialogues.SENTENCES.stream()
                                .map(ByteTokens::text)
                                .toList())
                .plan(TrainingPlan.ofSteps(250).batch(2, 1).checkpointEvery(20))
                .checkpoints(folder.resolve("state"))
                .compute(ByteTokens.ALONE);
        long[] sizes = new long[2];
        long[] pointers = new long[2];
        new PytorchTrainer().train(request, progress -> {
            if (progress.step() == 50 || progress.step() == 250) {
                int at = progress.step() == 50 ? 0 : 1;
                sizes[at] = Pointer.physicalBytes();
                pointers[at] = Pointer.totalCount();
            }
            return true;
        });
        assertThat(sizes[1] - sizes[0]).isLessThan(BOUND);
        assertThat(pointers[1] - pointers[0]).isLessThan(100);
    }

    @Test
    void twoHundredAnswersNeedNoMoreThanFifty() throws IOException {
        Path base = TinyBase.random(folder.resolve("base"), BaseModelShape.tiny("qwen2"), 1);
        try (ModelProbe probe = new PytorchProbes().open(Model.of(base).compute(ByteTokens.ALONE))) {
            ask(probe, 50);
            long size = Pointer.physicalBytes();
            long pointers = Pointer.totalCount();
            ask(probe, 200);
            assertThat(Pointer.physicalBytes() - size).isLessThan(BOUND);
            assertThat(Pointer.totalCount() - pointers).isLessThan(100);
        }
    }

    private static void ask(ModelProbe probe, int times) {
        for (int i = 0; i < times; i++) {
            int[] prompt = ByteTokens.begin("Question " + i);
            probe.generate(prompt, 4, token -> false);
            probe.logits(prompt, 0);
        }
    }

    /** Counts tensors: the system's allocator keeps a part of freed memory, once for each of its arenas. */
    @Test
    void closedModelsAreFreed() throws IOException {
        Path base = TinyBase.random(folder.resolve("base"), BaseModelShape.tiny("llama"), 1);
        long before = Pointer.totalCount();
        try (ModelProbe probe = new PytorchProbes().open(Model.of(base).compute(ByteTokens.ALONE))) {
            probe.generate(ByteTokens.begin("Who"), 4, token -> false);
            assertThat(Pointer.totalCount() - before).isBetween(20L, 40L);
        }
        assertThat(Pointer.totalCount()).isEqualTo(before);
    }
}
