package io.memos4j.runtime.llamacpp;

import io.memos4j.api.ErrorCode;
import io.memos4j.internal.Sha256Hash;
import io.memos4j.spi.runtime.ActivationOptions;
import io.memos4j.spi.runtime.ActivationRuntime;
import io.memos4j.testkit.FailureAssertions;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import static org.assertj.core.api.Assertions.assertThat;

class LlamaLibraryTest {
    @TempDir
    private Path cache;

    @Test
    void itIsUnpackedOnceIntoAFolderOfTheUserAlone() throws IOException {
        Path file = LlamaLibrary.bundled().unpack(cache);
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file.getParent())))
                .isEqualTo("rwx------");
        var written = Files.getLastModifiedTime(file);
        assertThat(LlamaLibrary.bundled().unpack(cache)).isEqualTo(file);
        assertThat(Files.getLastModifiedTime(file)).isEqualTo(written);
        try (var files = Files.list(file.getParent())) {
            assertThat(files).containsExactly(file);
        }
    }

    @Test
    void aTornOrForeignFileIsReplaced() throws IOException {
        Path file = LlamaLibrary.bundled().unpack(cache);
        String hash = Sha256Hash.of(file);
        Files.write(file, new byte[] {1, 2, 3});
        assertThat(Sha256Hash.of(LlamaLibrary.bundled().unpack(cache))).isEqualTo(hash);
        Path elsewhere = Files.copy(file, cache.resolve("elsewhere"));
        Files.delete(file);
        Files.createSymbolicLink(file, elsewhere);
        LlamaLibrary.bundled().unpack(cache);
        assertThat(Files.isSymbolicLink(file)).isFalse();
    }

    @Test
    void manyProcessesMayUnpackAtOnce() throws Exception {
        try (ExecutorService threads = Executors.newFixedThreadPool(4)) {
            List<Callable<Path>> calls = IntStream.range(0, 8)
                    .<Callable<Path>>mapToObj(i -> () -> LlamaLibrary.bundled().unpack(cache))
                    .toList();
            for (Future<Path> each : threads.invokeAll(calls)) {
                assertThat(Sha256Hash.of(each.get()))
                        .startsWith(each.get().getParent().getFileName().toString());
            }
        }
    }

    @Test
    void aMachineThatHasNoneIsToldWhatToDo() {
        refused(() -> LlamaLibrary.bundled("SunOS", "sparc"), "SunOS on sparc", "Name a library");
        LlamaLibrary.bundled("Mac OS X", "aarch64");
        LlamaLibrary.bundled("Windows 11", "amd64");
    }

    @Test
    void aCacheThatCannotBeWrittenIsRefused() throws IOException {
        Path file = Files.createFile(cache.resolve("file"));
        refused(() -> LlamaLibrary.bundled().unpack(file), "XDG_CACHE_HOME");
    }

    @Test
    void aLibraryByPathIsUsedIfItIsOfTheKnownBuild() throws IOException {
        Path copy = Files.copy(LlamaLibrary.bundled().unpack(cache), cache.resolve("libmine.so"));
        try (ActivationRuntime runtime =
                new LlamaCppProvider().open(TestModels.options().library(copy))) {
            assertThat(runtime.capabilities().runtime()).isEqualTo("llama.cpp b4916");
            runtime.prefill(new int[] {1, 2, 3}).close();
        }
    }

    @Test
    void whatIsNoLibraryOfTheKnownBuildIsRefused() throws IOException {
        ActivationOptions options = TestModels.options();
        Path text = Files.writeString(cache.resolve("text.so"), "no library");
        refused(() -> new LlamaCppProvider().open(options.library(text)), "Cannot load");
        refused(() -> new LlamaCppProvider().open(options.library(cache.resolve("missing.so"))), "Cannot load");
        Path java = Path.of(System.getProperty("java.home"), "lib", System.mapLibraryName("zip"));
        refused(() -> new LlamaCppProvider().open(options.library(java)), "not a libllama");
    }

    private static void refused(org.assertj.core.api.ThrowableAssert.ThrowingCallable call, String... reasons) {
        FailureAssertions.refused(ErrorCode.RUNTIME_FAILED, call)
                .satisfies(failure -> assertThat(failure.getMessage()).contains(reasons));
    }
}
