package io.memos4j.core;

import io.memos4j.api.ErrorCode;
import io.memos4j.testkit.JavaCommand;
import java.io.BufferedReader;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import static io.memos4j.testkit.FailureAssertions.refused;
import static org.assertj.core.api.Assertions.assertThat;

/** Two processes on one data directory. */
class LockIT {
    @TempDir
    Path directory;

    @Test
    void theSecondProcessIsRefusedWithTheNameOfTheHolderAndGetsInWhenTheHolderIsDead() throws Exception {
        Process holder = new ProcessBuilder(JavaCommand.of(CrashingWriter.class, List.of(), directory, 0))
                .redirectError(ProcessBuilder.Redirect.DISCARD)
                .start();
        try (BufferedReader output =
                new BufferedReader(new InputStreamReader(holder.getInputStream(), StandardCharsets.UTF_8))) {
            assertThat(output.readLine()).isNotNull();
            refused(
                    ErrorCode.DIRECTORY_LOCKED,
                    () -> MemOs.open(MemOsConfig.at(directory).withoutEmbedder()),
                    "process " + holder.pid() + " of ");
        } finally {
            holder.destroyForcibly().waitFor();
        }
        try (MemOs memos = MemOs.open(MemOsConfig.at(directory).withoutEmbedder())) {
            assertThat(memos.cubes()).hasSize(1);
        }
    }

    @Test
    void theSecondProcessIsRefusedEvenIfTheLockFileWasRemoved() throws Exception {
        Process holder = new ProcessBuilder(JavaCommand.of(CrashingWriter.class, List.of(), directory, 0))
                .redirectError(ProcessBuilder.Redirect.DISCARD)
                .start();
        try (BufferedReader output =
                new BufferedReader(new InputStreamReader(holder.getInputStream(), StandardCharsets.UTF_8))) {
            assertThat(output.readLine()).isNotNull();
            for (int i = 0; i < 3; i++) {
                Files.deleteIfExists(directory.resolve("memos.lock"));
                refused(
                        ErrorCode.DIRECTORY_LOCKED,
                        () -> MemOs.open(MemOsConfig.at(directory).withoutEmbedder()),
                        "memos.lock");
            }
            assertThat(output.readLine()).isNotNull();
        } finally {
            holder.destroyForcibly().waitFor();
        }
        try (MemOs memos = MemOs.open(MemOsConfig.at(directory).withoutEmbedder())) {
            assertThat(memos.cubes()).hasSize(1);
        }
    }
}
