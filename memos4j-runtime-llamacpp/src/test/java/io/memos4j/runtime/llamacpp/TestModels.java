package io.memos4j.runtime.llamacpp;

import io.memos4j.spi.runtime.ActivationOptions;
import io.memos4j.testkit.gguf.RandomLlama;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** The tiny model, written once for all tests of a process. */
final class TestModels {
    private static final Path TINY = write(RandomLlama.tiny(1).template(RandomLlama.CHATML));

    private TestModels() {}

    static Path tiny() {
        return TINY;
    }

    /** Options for the tiny model with enough space for the contract. */
    static ActivationOptions options() {
        return ActivationOptions.of(TINY).contextTokens(2_048).handles(4).threads(1);
    }

    private static Path write(RandomLlama model) {
        try {
            Path file = Files.createTempFile("memos4j-tiny", ".gguf");
            file.toFile().deleteOnExit();
            model.write(file);
            return file;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
