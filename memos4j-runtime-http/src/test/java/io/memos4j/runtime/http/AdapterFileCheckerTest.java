package io.memos4j.runtime.http;

import io.memos4j.api.ErrorCode;
import io.memos4j.internal.Sha256Hash;
import io.memos4j.modelfiles.BaseModel;
import io.memos4j.modelfiles.HfModel;
import io.memos4j.modelfiles.TensorType;
import io.memos4j.spi.runtime.AdapterFiles;
import io.memos4j.testkit.FailureAssertions;
import io.memos4j.testkit.gguf.RandomLlama;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Adapters that are refused before a server reads them. */
class AdapterFileCheckerTest {
    @TempDir
    private Path folder;

    private Path model;
    private Path transformers;
    private AdapterFiles adapter;

    @BeforeEach
    void write() throws IOException {
        model = folder.resolve("model.gguf");
        RandomLlama.tiny(1).write(model);
        transformers = folder.resolve("transformers");
        HfModel.toTransformers(model, transformers, TensorType.F32);
        adapter = RandomLoraAdapter.write(model, folder, 1);
    }

    @Test
    void aSoundAdapterPassesInBothLayouts() {
        new AdapterFileChecker(model.toString()).gguf(adapter);
        new AdapterFileChecker(transformers.toString()).peft(adapter);
    }

    @Test
    void anAdapterOfAnotherModelIsRefused() throws IOException {
        AdapterFiles other = RandomLoraAdapter.write(new BaseModel("llama", 3, 128, 4, 2, 32, 256), folder, 2);
        refused(() -> new AdapterFileChecker(model.toString()).gguf(other), "trained for");
        refused(() -> new AdapterFileChecker(transformers.toString()).peft(other), "trained for");
    }

    @Test
    void numbersThatAreNoneAreRefused() throws IOException {
        spoilLast(adapter.gguf());
        spoilLast(adapter.peft().resolve("adapter_model.safetensors"));
        refused(() -> new AdapterFileChecker(model.toString()).gguf(adapter), "does not have the hash");
        AdapterFiles spoilt = new AdapterFiles(Sha256Hash.of(adapter.gguf()), adapter.gguf(), adapter.peft());
        refused(() -> new AdapterFileChecker(model.toString()).gguf(spoilt), "NaN");
        refused(() -> new AdapterFileChecker(transformers.toString()).peft(adapter), "NaN");
    }

    private static void spoilLast(Path file) throws IOException {
        byte[] bytes = Files.readAllBytes(file);
        ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN).putFloat(bytes.length - Float.BYTES, Float.NaN);
        Files.write(file, bytes);
    }

    @Test
    void aPickleBesideTheTensorsIsRefused() throws IOException {
        Files.write(adapter.peft().resolve("adapter_model.bin"), new byte[] {(byte) 0x80, 2});
        refused(() -> new AdapterFileChecker(transformers.toString()).peft(adapter), "adapter_model.bin");
    }

    @Test
    void whatLiesElsewhereIsTheServersAffair() throws IOException {
        spoilLast(adapter.peft().resolve("adapter_model.safetensors"));
        new AdapterFileChecker("org/model").peft(adapter);
        new AdapterFileChecker("").peft(adapter);
        new AdapterFileChecker("a\0b").peft(adapter);
        new AdapterFileChecker(folder.resolve("missing").toString()).peft(adapter);
        new AdapterFileChecker("/models/other.gguf").gguf(adapter);
        AdapterFiles missing = new AdapterFiles(adapter.hash(), folder.resolve("none"), folder.resolve("none"));
        new AdapterFileChecker(transformers.toString()).peft(missing);
        new AdapterFileChecker(model.toString()).gguf(missing);
    }

    private static void refused(ThrowingCallable call, String reason) {
        FailureAssertions.refused(ErrorCode.ADAPTER_REFUSED, call, reason);
    }
}
