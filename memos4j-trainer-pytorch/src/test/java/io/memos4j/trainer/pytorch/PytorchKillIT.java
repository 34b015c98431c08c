package io.memos4j.trainer.pytorch;

import io.memos4j.testkit.JavaCommand;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import static org.assertj.core.api.Assertions.assertThat;

/** Kills a process in the middle of a training: the next one ends with the weights of one that was never killed. */
class PytorchKillIT {
    @TempDir
    Path folder;

    @Test
    void killedTwiceItEndsWithTheSameBytes() throws Exception {
        TinyBase.random(folder.resolve("base"), BaseModelShape.tiny("llama"), 1);
        new PytorchTrainer().train(KilledTrainer.request(folder, "whole"), progress -> true);

        assertThat(killedAt("step 10")).isEqualTo(10);
        assertThat(killedAt("step 31")).isEqualTo(31);
        List<Integer> steps = new ArrayList<>();
        new PytorchTrainer().train(KilledTrainer.request(folder, "parts"), progress -> steps.add(progress.step()));

        assertThat(steps.getFirst()).isGreaterThan(27);
        assertThat(folder.resolve("parts/adapter_model.safetensors"))
                .hasSameBinaryContentAs(folder.resolve("whole/adapter_model.safetensors"));
    }

    /**
     * Starts the training and kills it after a step, while it computes the next; returns how many steps it printed in
     * all.
     */
    private int killedAt(String step) throws IOException, InterruptedException {
        Process process = new ProcessBuilder(JavaCommand.of(KilledTrainer.class, List.of(), folder, "parts"))
                .redirectError(ProcessBuilder.Redirect.DISCARD)
                .start();
        String last = "";
        try (BufferedReader output = process.inputReader(StandardCharsets.UTF_8)) {
            while (!last.equals(step)) {
                String line = output.readLine();
                assertThat(line).as("the step after " + last).isNotNull();
                last = line;
            }
        } finally {
            process.destroyForcibly().waitFor();
        }
        return Integer.parseInt(last.substring("step ".length()));
    }
}
