package io.memos4j.embeddings.onnx;

import io.memos4j.api.MemoryException;
import io.memos4j.spi.models.Embedder;
import io.memos4j.testkit.JavaCommand;
import java.io.BufferedReader;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.random.RandomGenerator;
import java.util.random.RandomGeneratorFactory;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import static org.assertj.core.api.Assertions.assertThat;

/** Terminates an embedding process with SIGTERM at random moments: it must exit, not crash. */
class OnnxSigtermIT {
    private static final int ROUNDS = 10;
    private static final int TERMINATED = 143;

    @TempDir
    private Path directory;

    @Test
    void aTerminatedProcessEndsWithoutACrash() throws Exception {
        RandomGenerator random = RandomGeneratorFactory.of("L64X128MixRandom").create(5);
        for (int round = 0; round < ROUNDS; round++) {
            Process process = new ProcessBuilder(JavaCommand.of(Embedding.class, List.of()))
                    .directory(directory.toFile())
                    .redirectError(ProcessBuilder.Redirect.DISCARD)
                    .start();
            try (BufferedReader output =
                    new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8))) {
                assertThat(output.readLine()).isEqualTo("embedding");
                Thread.sleep(random.nextInt(200));
                process.toHandle().destroy();
                assertThat(process.waitFor()).as("exit code of round %s", round).isEqualTo(TERMINATED);
            }
        }
        try (Stream<Path> files = Files.list(directory)) {
            assertThat(files.filter(file -> file.getFileName().toString().startsWith("hs_err")))
                    .isEmpty();
        }
    }

    /** The process that is terminated. */
    static final class Embedding {
        private Embedding() {}

        public static void main(String[] arguments) {
            Embedder embedder = new BundledEmbedderProvider().open();
            for (int i = 0; i < 2; i++) {
                Thread.ofPlatform().start(() -> {
                    try {
                        while (true) {
                            embedder.embed("A sentence that is embedded over and over.", Embedder.Purpose.DOCUMENT);
                        }
                    } catch (MemoryException e) {
                        // The embedder was shut by the exit of the process.
                    }
                });
            }
            System.out.println("embedding");
        }
    }
}
