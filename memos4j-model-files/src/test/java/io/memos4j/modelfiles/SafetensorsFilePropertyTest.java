package io.memos4j.modelfiles;

import io.memos4j.api.ErrorCode;
import io.memos4j.api.MemoryException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;
import net.jqwik.api.lifecycle.AfterContainer;
import net.jqwik.api.lifecycle.BeforeContainer;

import static org.assertj.core.api.Assertions.assertThat;

class SafetensorsFilePropertyTest {
    private static Path folder;
    private static byte[] whole;

    @BeforeContainer
    static void write() throws IOException {
        folder = Files.createTempDirectory("memos4j-safetensors");
        Path file = folder.resolve("whole");
        new SafetensorsWriter()
                .metadata("format", "pt")
                .tensor("lora_A", TensorType.F32, new float[] {1, 2, 3, 4, 5, 6}, 2, 3)
                .tensor("lora_B", TensorType.F16, new float[] {1, 2, 3, 4}, 2, 2)
                .write(file);
        whole = Files.readAllBytes(file);
    }

    @AfterContainer
    static void remove() throws IOException {
        Files.delete(folder.resolve("whole"));
        Files.deleteIfExists(folder.resolve("changed"));
        Files.delete(folder);
    }

    @Property(tries = 300)
    void floatsSurviveTheFile(@ForAll @Size(max = 40) float[] values) throws IOException {
        Path file = folder.resolve("changed");
        new SafetensorsWriter()
                .tensor("v", TensorType.F32, values, values.length)
                .tensor("h", TensorType.BF16, values, values.length)
                .write(file);
        try (SafetensorsFile read = SafetensorsFile.open(file)) {
            assertThat(read.floats("v")).isEqualTo(values);
            float[] brain = read.floats("h");
            for (int i = 0; i < values.length; i++) {
                if (Math.abs(values[i]) > 1e-30f && Math.abs(values[i]) < 1e38f) {
                    assertThat(Math.abs(brain[i] - values[i])).isLessThanOrEqualTo(Math.abs(values[i]) / 256);
                }
            }
        }
    }

    @Property(tries = 1_000)
    void aChangedByteIsReadOrRefused(@ForAll @IntRange(max = 10_000) int place, @ForAll byte value) throws IOException {
        byte[] changed = whole.clone();
        changed[place % changed.length] = value;
        readOrRefused(changed);
    }

    @Property(tries = 400)
    void aCutFileIsRefused(@ForAll @IntRange(max = 10_000) int length) throws IOException {
        assertThat(readOrRefused(Arrays.copyOf(whole, length % whole.length))).isFalse();
    }

    @Property(tries = 500)
    void anyBytesAreReadOrRefused(@ForAll @Size(max = 200) byte[] bytes) throws IOException {
        readOrRefused(bytes);
    }

    private static boolean readOrRefused(byte[] bytes) throws IOException {
        Path file = Files.write(folder.resolve("changed"), bytes);
        try (SafetensorsFile read = SafetensorsFile.open(file)) {
            for (TensorInfo tensor : read.tensors()) {
                if (tensor.numbers().readable()) {
                    assertThat(read.floats(tensor.name())).hasSize((int) tensor.count());
                }
            }
            return true;
        } catch (MemoryException e) {
            assertThat(e.code()).isEqualTo(ErrorCode.MODEL_UNREADABLE);
            return false;
        }
    }
}
