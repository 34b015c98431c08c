package io.memos4j.runtime.llamacpp;

import io.memos4j.spi.runtime.ActivationHandle;
import io.memos4j.spi.runtime.ActivationRuntime;
import io.memos4j.testkit.runtime.ActivationRuntimeCallsContract;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

class LlamaCppF16Test extends ActivationRuntimeCallsContract {
    @Override
    protected ActivationRuntime open() {
        return new LlamaCppProvider().open(TestModels.options());
    }

    @Test
    void aSavedFileIsForItsUserAlone() throws IOException {
        try (ActivationRuntime runtime = open();
                ActivationHandle handle = runtime.prefill(tokens(runtime, 10))) {
            Path file = Files.writeString(folder.resolve("saved"), "to be replaced");
            handle.save(file);
            assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file)))
                    .isEqualTo("rw-------");
            try (Stream<Path> files = Files.list(folder)) {
                assertThat(files).containsExactly(file);
            }
        }
    }

    @Test
    void theSavedStateIsTheNumbersAndLittleMore() {
        try (ActivationRuntime runtime = open();
                ActivationHandle handle = runtime.prefill(tokens(runtime, 501))) {
            long numbers = 500
                    * runtime.model()
                            .shape()
                            .bytesPerToken(runtime.capabilities().inUse());
            assertThat(handle.save(folder.resolve("saved")).stateBytes()).isBetween(numbers, numbers + 500 * 8 + 1_000);
        }
    }
}
