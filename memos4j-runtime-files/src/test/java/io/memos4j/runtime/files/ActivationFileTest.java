package io.memos4j.runtime.files;

import io.memos4j.api.ErrorCode;
import io.memos4j.api.MemoryException;
import io.memos4j.spi.ActivationManifest;
import io.memos4j.spi.CacheType;
import io.memos4j.spi.CacheTypes;
import io.memos4j.spi.ModelIdentity;
import io.memos4j.spi.ModelShape;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.channels.Channels;
import java.nio.channels.ReadableByteChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Arrays;
import java.util.Random;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

/** The file format; that every cut and every changed bit is found is a matter of the contract of runtimes. */
class ActivationFileTest {
    private static final int[] TOKENS = {5, 7, 11};

    @TempDir
    private Path folder;

    @Test
    void whatIsWrittenIsReadAgain() throws IOException {
        for (int length : new int[] {0, 1, 1 << 20, (1 << 20) + 1, 3_000_000}) {
            byte[] state = state(length);
            Path file = folder.resolve("saved");
            ActivationFile.write(file, manifest(length), TOKENS, channel(state));
            try (ActivationFile saved = ActivationFile.open(file)) {
                ByteArrayOutputStream copy = new ByteArrayOutputStream();
                saved.copyState(Channels.newChannel(copy));
                assertThat(copy.toByteArray()).isEqualTo(state);
                assertThat(saved.tokens()).containsExactly(TOKENS);
                assertThat(saved.manifest()).isEqualTo(manifest(length));
            }
            assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file)))
                    .isEqualTo("rw-------");
        }
    }

    @Test
    void aStateThatIsShorterThanItClaimsLeavesWhatWasThere() throws IOException {
        Path file = Files.writeString(folder.resolve("saved"), "before");
        refused(
                ErrorCode.STORAGE_FAILED,
                () -> ActivationFile.write(file, manifest(100), TOKENS, channel(state(60))),
                "40 bytes less");
        assertThat(file).hasContent("before");
        try (var files = Files.list(folder)) {
            assertThat(files).hasSize(1);
        }
    }

    @Test
    void aChangedStateIsFoundWhenItIsCopied() throws IOException {
        Path file = folder.resolve("saved");
        ActivationFile.write(file, manifest(100), TOKENS, channel(state(100)));
        byte[] bytes = Files.readAllBytes(file);
        bytes[bytes.length - 50] ^= 1;
        Files.write(file, bytes);
        try (ActivationFile saved = ActivationFile.open(file)) {
            refused(
                    ErrorCode.ACTIVATION_CORRUPT,
                    () -> saved.copyState(Channels.newChannel(new ByteArrayOutputStream())),
                    "its state was changed");
        }
        Files.write(file, Arrays.copyOf(bytes, bytes.length - 1));
        refused(ErrorCode.ACTIVATION_CORRUPT, () -> ActivationFile.open(file), "of " + bytes.length + " bytes");
        bytes[7]++;
        Files.write(file, bytes);
        refused(ErrorCode.ACTIVATION_CORRUPT, () -> ActivationFile.open(file), "newer format");
    }

    private static ActivationManifest manifest(int stateBytes) {
        ModelIdentity model = new ModelIdentity("f", "llama", "F16", "t", "", new ModelShape(1, 2, 3, 4, 5, 6));
        return new ActivationManifest(
                model,
                CacheTypes.of(CacheType.F16),
                "runtime 1",
                TOKENS.length,
                ActivationManifest.hashOf(TOKENS),
                stateBytes);
    }

    private static byte[] state(int length) {
        byte[] state = new byte[length];
        new Random(length).nextBytes(state);
        return state;
    }

    private static ReadableByteChannel channel(byte[] bytes) {
        return Channels.newChannel(new ByteArrayInputStream(bytes));
    }

    private static void refused(ErrorCode code, ThrowingCallable call, String reason) {
        assertThatThrownBy(call)
                .isInstanceOfSatisfying(
                        MemoryException.class,
                        failure -> assertThat(failure.code()).isEqualTo(code))
                .hasMessageContaining(reason);
    }
}
