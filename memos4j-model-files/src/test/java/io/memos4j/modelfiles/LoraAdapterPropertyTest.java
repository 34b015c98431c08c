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
import net.jqwik.api.lifecycle.AfterContainer;
import net.jqwik.api.lifecycle.BeforeContainer;

import static org.assertj.core.api.Assertions.assertThat;

class LoraAdapterPropertyTest {
    private static final BaseModel BASE = new BaseModel("llama", 1, 8, 2, 1, 4, 8);
    private static final String TENSORS = "adapter_model.safetensors";
    private static final String CONFIG = "adapter_config.json";

    private static Path peft;
    private static Path gguf;
    private static byte[] wholeTensors;
    private static byte[] wholeConfig;
    private static byte[] wholeGguf;

    @BeforeContainer
    static void write() throws IOException {
        peft = Files.createTempDirectory("memos4j-adapter");
        gguf = peft.resolve("adapter.gguf");
        LoraAdapter adapter = RandomAdapters.random(BASE, 1);
        adapter.writePeft(peft, TensorType.F32);
        adapter.writeGguf(gguf, TensorType.F32);
        wholeTensors = Files.readAllBytes(peft.resolve(TENSORS));
        wholeConfig = Files.readAllBytes(peft.resolve(CONFIG));
        wholeGguf = Files.readAllBytes(gguf);
    }

    @AfterContainer
    static void remove() throws IOException {
        Files.delete(peft.resolve(TENSORS));
        Files.delete(peft.resolve(CONFIG));
        Files.delete(gguf);
        Files.delete(peft);
    }

    @Property(tries = 400)
    void aChangedBitOfAGgufFileIsReadOrRefused(
            @ForAll @IntRange(max = 1 << 20) int place, @ForAll @IntRange(max = 7) int bit) throws IOException {
        Files.write(gguf, changed(wholeGguf, place, bit));
        readOrRefused(gguf);
    }

    @Property(tries = 400)
    void aChangedBitOfAPeftFolderIsReadOrRefused(
            @ForAll @IntRange(max = 1 << 20) int place, @ForAll @IntRange(max = 7) int bit) throws IOException {
        Files.write(peft.resolve(TENSORS), changed(wholeTensors, place, bit));
        readOrRefused(peft);
        Files.write(peft.resolve(TENSORS), wholeTensors);
        Files.write(peft.resolve(CONFIG), changed(wholeConfig, place, bit));
        readOrRefused(peft);
        Files.write(peft.resolve(CONFIG), wholeConfig);
    }

    @Property(tries = 200)
    void aCutFileIsRefused(@ForAll @IntRange(max = 1 << 20) int length) throws IOException {
        Files.write(gguf, Arrays.copyOf(wholeGguf, length % wholeGguf.length));
        assertThat(readOrRefused(gguf)).isFalse();
        Files.write(peft.resolve(TENSORS), Arrays.copyOf(wholeTensors, length % wholeTensors.length));
        assertThat(readOrRefused(peft)).isFalse();
        Files.write(peft.resolve(TENSORS), wholeTensors);
    }

    private static byte[] changed(byte[] whole, int place, int bit) {
        byte[] changed = whole.clone();
        changed[place % whole.length] ^= (byte) (1 << bit);
        return changed;
    }

    private static boolean readOrRefused(Path file) {
        try (LoraAdapter read =
                file.equals(peft) ? LoraAdapter.readPeft(peft, BASE) : LoraAdapter.readGguf(file, BASE)) {
            for (LoraFactors factors : read.factors().values()) {
                for (float value : factors.b()) {
                    assertThat(value).isFinite();
                }
            }
            return true;
        } catch (MemoryException e) {
            assertThat(e.code()).isEqualTo(ErrorCode.ADAPTER_REFUSED);
            return false;
        }
    }
}
