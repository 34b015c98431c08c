package io.memos4j.modelfiles;

import io.memos4j.api.ErrorCode;
import io.memos4j.api.MemoryException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

class SafetensorsFileTest {
    @TempDir
    private Path folder;

    @Test
    void whatIsWrittenIsRead() throws IOException {
        Path file = folder.resolve("three.safetensors");
        new SafetensorsWriter()
                .metadata("format", "pt")
                .tensor("half", TensorType.F16, new float[] {0.5f, -2, 65_504}, 3)
                .tensor("whole", TensorType.F32, new float[] {1, 2, 3, 4, 5, 1e-30f}, 2, 3)
                .tensor("brain", TensorType.BF16, new float[] {1e30f}, 1, 1)
                .write(file);
        try (SafetensorsFile read = SafetensorsFile.open(file)) {
            assertThat(read.metadata()).isEqualTo(Map.of("format", "pt"));
            assertThat(read.names()).containsExactly("whole", "half", "brain");
            assertThat(read.tensor("whole").orElseThrow().shape()).containsExactly(2L, 3L);
            assertThat(read.floats("whole")).containsExactly(1, 2, 3, 4, 5, 1e-30f);
            assertThat(read.floats("half")).containsExactly(0.5f, -2, 65_504);
            assertThat(read.floats("brain")[0]).isBetween(0.996e30f, 1.004e30f);
            float[] part = new float[2];
            read.floats("whole", 3, part);
            assertThat(part).containsExactly(4, 5);
            WeightSource weights = read.weights("whole");
            weights.next();
            assertThat(weights.next()).isEqualTo(2);
        }
    }

    @Test
    void aLargeTensorIsReadInParts() throws IOException {
        Path file = folder.resolve("large.safetensors");
        int count = 200_001;
        int[] next = {0};
        new SafetensorsWriter()
                .tensor("many", TensorType.F32, () -> next[0]++, count)
                .write(file);
        try (SafetensorsFile read = SafetensorsFile.open(file)) {
            float[] all = read.floats("many");
            WeightSource weights = read.weights("many");
            for (int i = 0; i < count; i++) {
                assertThat(all[i]).isEqualTo(i);
                assertThat(weights.next()).isEqualTo(i);
            }
        }
    }

    @Test
    void theBytesAreThoseOfTheFormat() throws IOException {
        Path file = folder.resolve("one.safetensors");
        new SafetensorsWriter()
                .tensor("a", TensorType.F32, new float[] {1}, 1, 1)
                .write(file);
        String head = "{\"a\":{\"dtype\":\"F32\",\"shape\":[1,1],\"data_offsets\":[0,4]}}";
        String padded = head + " ".repeat(Math.floorMod(-head.length(), 8));
        assertThat(Files.readAllBytes(file)).isEqualTo(file(padded, 0, 0, 0x80, 0x3F));
    }

    @Test
    void numbersThatAreNoFloatsAreKeptAsBytes() throws IOException {
        Path file = write("{\"ids\":{\"dtype\":\"I64\",\"shape\":[1],\"data_offsets\":[0,8]}}", 7, 0, 0, 0, 0, 0, 0, 0);
        try (SafetensorsFile read = SafetensorsFile.open(file)) {
            ByteBuffer bytes = ByteBuffer.allocate(8).order(ByteOrder.LITTLE_ENDIAN);
            read.bytes("ids", 0, bytes);
            assertThat(bytes.getLong()).isEqualTo(7);
            assertThatThrownBy(() -> read.floats("ids")).hasMessageContaining("type I64");
        }
    }

    @Test
    void anEmptyTensorAndAScalarAreRead() throws IOException {
        Path file = write(
                "{\"none\":{\"dtype\":\"F32\",\"shape\":[0,4],\"data_offsets\":[0,0]},"
                        + "\"one\":{\"dtype\":\"F16\",\"shape\":[],\"data_offsets\":[0,2]}}",
                0,
                0x3C);
        try (SafetensorsFile read = SafetensorsFile.open(file)) {
            assertThat(read.floats("none")).isEmpty();
            assertThat(read.floats("one")).containsExactly(1);
        }
    }

    @Test
    void aHeadThatLiesIsRefusedWithItsReason() throws IOException {
        String a = "\"a\":{\"dtype\":\"F32\",\"shape\":[1],\"data_offsets\":";
        refused(write("{" + a + "[0,4]}}"), "truncated");
        refused(write("{" + a + "[0,4]}}", 1, 2, 3, 4, 5), "1 bytes after its tensors");
        refused(write("{" + a + "[4,8]}}", 1, 2, 3, 4, 5, 6, 7, 8), "gap before its tensor a");
        refused(write("{" + a + "[0,3]}}", 1, 2, 3), "has 3 bytes, not 4");
        refused(write("{" + a + "[4,0]}}", 1, 2, 3, 4), "has -4 bytes");
        refused(write("{" + a + "[-4,0]}}", 1, 2, 3, 4), "negative");
        refused(
                write(
                        "{" + a + "[0,4]},\"b\":{\"dtype\":\"F16\",\"shape\":[2],\"data_offsets\":[2,6]}}",
                        1,
                        2,
                        3,
                        4,
                        5,
                        6),
                "shares bytes");
        refused(write("{" + a + "[0,4]}," + a + "[0,4]}}", 1, 2, 3, 4), "Duplicate");
        refused(write("{" + a + "[0,4],\"more\":1}}", 1, 2, 3, 4), "unknown member more");
        refused(
                write("{\"a\":{\"dtype\":\"F33\",\"shape\":[1],\"data_offsets\":[0,4]}}", 1, 2, 3, 4),
                "unknown type F33");
        refused(write("{\"a\":{\"dtype\":\"BLOCKS\",\"shape\":[1],\"data_offsets\":[0,0]}}"), "unknown type");
        refused(
                write("{\"a\":{\"dtype\":\"F32\",\"shape\":[4294967296,4294967296],\"data_offsets\":[0,0]}}"),
                "impossible");
        refused(
                write("{\"a\":{\"dtype\":\"I8\",\"shape\":[9223372036854775807],\"data_offsets\":[0,"
                        + "9223372036854775807]}}"),
                "truncated");
        refused(
                write("{\"a\":{\"dtype\":\"F32\",\"shape\":[99999999999999999999],\"data_offsets\":[0,0]}}"),
                "not valid JSON");
        refused(write("{\"a\\u0000\":{\"dtype\":\"F32\",\"shape\":[1],\"data_offsets\":[0,4]}}", 1, 2, 3, 4), "NUL");
        refused(write("{\"__metadata__\":{\"n\":1}}"), "unexpected value");
        refused(write("{\"a\":{\"dtype\":\"F32\",\"shape\":[1]"), "not valid JSON");
        refused(write("[1]"), "not a JSON object");
        refused(write("{}{}"), "continues after");
    }

    @Test
    void aFileOfAnotherKindIsRefused() throws IOException {
        refused(folder.resolve("missing"), "no such file");
        refused(folder, "no such file");
        refused(
                Files.writeString(folder.resolve("text"), "Once upon a time there was a file"),
                "not a safetensors file");
        refused(Files.write(folder.resolve("empty"), new byte[0]), "0 bytes are too few");
        Path absurd = folder.resolve("absurd");
        Files.write(
                absurd,
                ByteBuffer.allocate(64)
                        .order(ByteOrder.LITTLE_ENDIAN)
                        .putLong(1L << 40)
                        .array());
        refused(absurd, "claims 1099511627776 bytes");
    }

    @Test
    void aTensorThatDoesNotExistOrFitIsTheCallersMistake() throws IOException {
        Path file = folder.resolve("one.safetensors");
        new SafetensorsWriter().tensor("a", TensorType.F32, new float[] {1}, 1).write(file);
        try (SafetensorsFile read = SafetensorsFile.open(file)) {
            invalid(() -> read.floats("b"), "no tensor b");
            invalid(() -> read.floats("a", 1, new float[1]), "none from 1");
            invalid(() -> read.floats("a", -1, new float[1]), "none from -1");
        }
        invalid(() -> new SafetensorsWriter().tensor("a", TensorType.F32, new float[] {1}, 2), "needs 2 numbers");
        invalid(() -> new SafetensorsWriter().tensor("a", TensorType.I64, new float[] {1}, 1), "Use F32");
    }

    @Test
    void namesOfTensorsMayHaveAnyCharacter() throws IOException {
        String name = "über \"weights\"\\../x";
        Path file = folder.resolve("names.safetensors");
        new SafetensorsWriter().tensor(name, TensorType.F32, new float[] {1}, 1).write(file);
        try (SafetensorsFile read = SafetensorsFile.open(file)) {
            assertThat(read.names()).isEqualTo(List.of(name));
        }
    }

    private Path write(String head, int... data) throws IOException {
        return Files.write(folder.resolve("given"), file(head, data));
    }

    private static byte[] file(String head, int... data) {
        byte[] text = head.getBytes(StandardCharsets.UTF_8);
        ByteBuffer file = ByteBuffer.allocate(8 + text.length + data.length).order(ByteOrder.LITTLE_ENDIAN);
        file.putLong(text.length).put(text);
        for (int each : data) {
            file.put((byte) each);
        }
        return file.array();
    }

    private static void refused(Path file, String reason) {
        assertThatThrownBy(() -> SafetensorsFile.open(file).close())
                .isInstanceOfSatisfying(
                        MemoryException.class,
                        failure -> assertThat(failure.code()).isEqualTo(ErrorCode.MODEL_UNREADABLE))
                .hasMessageContaining(reason)
                .hasMessageContaining(file.toString());
    }

    private static void invalid(Runnable call, String reason) {
        assertThatThrownBy(call::run)
                .isInstanceOfSatisfying(
                        MemoryException.class,
                        failure -> assertThat(failure.code()).isEqualTo(ErrorCode.INVALID_ARGUMENT))
                .hasMessageContaining(reason);
    }
}
