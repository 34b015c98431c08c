package io.memos4j.runtime.llamacpp;

import io.memos4j.api.ErrorCode;
import io.memos4j.modelfiles.Sha256;
import io.memos4j.spi.ActivationOptions;
import io.memos4j.spi.ActivationRuntime;
import io.memos4j.testkit.Refusals;
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

class NativeLibraryTest {
    @TempDir
    private Path cache;

    @Test
    void itIsUnpackedOnceIntoAFolderOfTheUserAlone() throws IOException {
        Path file = NativeLibrary.bundled().unpacked(cache);
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file.getParent())))
                .isEqualTo("rwx------");
        var written = Files.getLastModifiedTime(file);
        assertThat(NativeLibrary.bundled().unpacked(cache)).isEqualTo(file);
        assertThat(Files.getLastModifiedTime(file)).isEqualTo(written);
        try (var files = Files.list(file.getParent())) {
            assertThat(files).containsExactly(file);
        }
    }

    @Test
    void aTornOrForeignFileIsReplaced() throws IOException {
        Path file = NativeLibrary.bundled().unpacked(cache);
        String hash = Sha256.of(file);
        Files.write(file, new byte[] {1, 2, 3});
        assertThat(Sha256.of(NativeLibrary.bundled().unpacked(cache))).isEqualTo(hash);
        Path elsewhere = Files.copy(file, cache.resolve("elsewhere"));
        Files.delete(file);
        Files.createSymbolicLink(file, elsewhere);
        NativeLibrary.bundled().unpacked(cache);
        assertThat(Files.isSymbolicLink(file)).isFalse();
    }

    @Test
    void manyProcessesMayUnpackAtOnce() throws Exception {
        try (ExecutorService threads = Executors.newFixedThreadPool(4)) {
            List<Callable<Path>> calls = IntStream.range(0, 8)
                    .<Callable<Path>>mapToObj(i -> () -> NativeLibrary.bundled().unpacked(cache))
                    .toList();
            for (Future<Path> each : threads.invokeAll(calls)) {
                assertThat(Sha256.of(each.get()))
                        .startsWith(each.get().getParent().getFileName().toString());
            }
        }
    }

    @Test
    void aMachineThatHasNoneIsToldWhatToDo() {
        refused(() -> NativeLibrary.bundled("SunOS", "sparc"), "SunOS on sparc", "Name a library");
        NativeLibrary.bundled("Mac OS X", "aarch64");
        NativeLibrary.bundled("Windows 11", "amd64");
    }

    @Test
    void aCacheThatCannotBeWrittenIsRefused() throws IOException {
        Path file = Files.createFile(cache.resolve("file"));
        refused(() -> NativeLibrary.bundled().unpacked(file), "XDG_CACHE_HOME");
    }

    @Test
    void aLibraryByPathIsUsedIfItIsOfTheKnownBuild() throws IOException {
        Path copy = Files.copy(NativeLibrary.bundled().unpacked(cache), cache.resolve("libmine.so"));
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
        refused(() -> new LlamaCppProvider().open(options.library(java)), "no libllama");
    }

    private static void refused(org.assertj.core.api.ThrowableAssert.ThrowingCallable call, String... reasons) {
        Refusals.refused(ErrorCode.RUNTIME_FAILED, call)
                .satisfies(failure -> assertThat(failure.getMessage()).contains(reasons));
    }
}
