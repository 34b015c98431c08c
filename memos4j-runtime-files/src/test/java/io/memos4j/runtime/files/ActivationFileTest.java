package io.memos4j.runtime.files;

import io.memos4j.api.ErrorCode;
import io.memos4j.api.MemoryException;
import io.memos4j.spi.runtime.ActivationManifest;
import io.memos4j.spi.runtime.KvCacheType;
import io.memos4j.spi.runtime.KvCacheTypes;
import io.memos4j.spi.runtime.ModelIdentity;
import io.memos4j.spi.runtime.ModelShape;
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
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

import static io.memos4j.testkit.FailureAssertions.refused;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

/** The file format. The contract of runtimes tests that every truncation and every changed bit is detected. */
class ActivationFileTest {
    private static final int[] TOKENS = {5, 7, 11};

    @TempDir
    private Path folder;

    @ParameterizedTest
    @EnumSource
    void whatIsWrittenIsReadAgain(StateCompression packing) throws IOException {
        for (int length : new int[] {0, 1, 1 << 18, (1 << 18) + 1, 3_000_000}) {
            byte[] state = state(length);
            Path file = folder.resolve("saved");
            ActivationFile.write(file, manifest(length), TOKENS, channel(state), packing);
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
                () -> ActivationFile.write(file, manifest(100), TOKENS, channel(state(60)), StateCompression.PLAIN),
                "40 bytes less");
        assertThat(file).hasContent("before");
        try (var files = Files.list(folder)) {
            assertThat(files).hasSize(1);
        }
    }

    @Test
    void aChangedStateIsFoundWhenItIsCopied() throws IOException {
        Path file = folder.resolve("saved");
        ActivationFile.write(file, manifest(100), TOKENS, channel(state(100)), StateCompression.PLAIN);
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
        bytes[7] += 5;
        Files.write(file, bytes);
        refused(ErrorCode.ACTIVATION_CORRUPT, () -> ActivationFile.open(file), "newer format");
    }

    @ParameterizedTest
    @EnumSource
    void noChangedByteGoesUnnoticed(StateCompression packing) throws IOException {
        Path file = folder.resolve("saved");
        ActivationFile.write(file, manifest(2_000), TOKENS, channel(state(2_000)), packing);
        byte[] bytes = Files.readAllBytes(file);
        for (int at = 0; at < bytes.length; at++) {
            byte[] changed = bytes.clone();
            changed[at] ^= (byte) (1 << at % 8);
            Files.write(file, changed);
            assertThatThrownBy(this::copy)
                    .as("byte %d", at)
                    .isInstanceOfSatisfying(
                            MemoryException.class,
                            refusal -> assertThat(refusal.code()).isEqualTo(ErrorCode.ACTIVATION_CORRUPT));
        }
        for (int length = 0; length < bytes.length; length += 7) {
            Files.write(file, Arrays.copyOf(bytes, length));
            assertThatThrownBy(this::copy).as("cut at %d", length).isInstanceOf(MemoryException.class);
        }
    }

    private void copy() {
        try (ActivationFile saved = ActivationFile.open(folder.resolve("saved"))) {
            saved.copyState(Channels.newChannel(new ByteArrayOutputStream()));
        }
    }

    @Test
    void whatIsPackedIsSmaller() throws IOException {
        byte[] state = new byte[300_000];
        for (int i = 0; i < state.length; i += 2) {
            state[i] = (byte) (i * 31 >>> 4);
            state[i + 1] = (byte) (60 + i % 3);
        }
        Path plain = folder.resolve("plain");
        Path packed = folder.resolve("packed");
        ActivationFile.write(plain, manifest(state.length), TOKENS, channel(state), StateCompression.PLAIN);
        ActivationFile.write(packed, manifest(state.length), TOKENS, channel(state), StateCompression.ZSTD);
        assertThat(Files.size(packed)).isLessThan(Files.size(plain) * 3 / 4);
    }

    private static ActivationManifest manifest(int stateBytes) {
        ModelIdentity model = new ModelIdentity("f", "llama", "F16", "t", "", new ModelShape(1, 2, 3, 4, 5, 6));
        return new ActivationManifest(
                model,
                KvCacheTypes.of(KvCacheType.F16),
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
}
