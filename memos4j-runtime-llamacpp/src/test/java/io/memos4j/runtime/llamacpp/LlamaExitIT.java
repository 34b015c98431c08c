package io.memos4j.runtime.llamacpp;

import io.memos4j.api.MemoryException;
import io.memos4j.spi.runtime.ActivationHandle;
import io.memos4j.spi.runtime.ActivationOptions;
import io.memos4j.spi.runtime.ActivationRuntime;
import io.memos4j.spi.runtime.GenerationOptions;
import io.memos4j.testkit.JavaCommand;
import java.io.BufferedReader;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.random.RandomGenerator;
import java.util.random.RandomGeneratorFactory;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import static org.assertj.core.api.Assertions.assertThat;

/** Terminates a computing process with SIGTERM at random moments: it must exit, not crash. */
class LlamaExitIT {
    private static final int ROUNDS = 8;
    private static final int TERMINATED = 143;

    @TempDir
    private Path folder;

    @Test
    void aTerminatedProcessEndsWithoutACrash() throws Exception {
        RandomGenerator random = RandomGeneratorFactory.of("L64X128MixRandom").create(5);
        for (int round = 0; round < ROUNDS; round++) {
            Process process = new ProcessBuilder(JavaCommand.of(Computing.class, List.of(), TestModels.tiny()))
                    .directory(folder.toFile())
                    .redirectError(ProcessBuilder.Redirect.DISCARD)
                    .start();
            try (BufferedReader output =
                    new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8))) {
                int tokens = random.nextInt(200);
                for (int i = 0; i <= tokens; i++) {
                    assertThat(output.readLine()).isEqualTo("token");
                }
                process.toHandle().destroy();
                assertThat(process.waitFor()).as("exit code of round %s", round).isEqualTo(TERMINATED);
            }
        }
        try (Stream<Path> files = Files.list(folder)) {
            assertThat(files.filter(file -> file.getFileName().toString().startsWith("hs_err")))
                    .isEmpty();
        }
    }

    /** The process that is terminated. */
    static final class Computing {
        private Computing() {}

        public static void main(String[] arguments) {
            ActivationRuntime runtime = new LlamaCppProvider()
                    .open(ActivationOptions.of(Path.of(arguments[0])).threads(2));
            int[] prompt = IntStream.range(3, 200).toArray();
            for (int i = 0; i < 2; i++) {
                Thread.ofPlatform().start(() -> {
                    try {
                        while (true) {
                            try (ActivationHandle handle = runtime.prefill(prompt)) {
                                handle.generate(GenerationOptions.greedy(20), (token, text) -> {
                                    System.out.println("token");
                                    return true;
                                });
                            }
                        }
                    } catch (MemoryException e) {
                        // The runtime was closed by the exit of the process.
                    }
                });
            }
        }
    }
}
