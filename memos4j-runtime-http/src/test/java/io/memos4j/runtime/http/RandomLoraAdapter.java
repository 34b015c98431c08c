package io.memos4j.runtime.http;

import io.memos4j.internal.Sha256Hash;
import io.memos4j.modelfiles.BaseModel;
import io.memos4j.modelfiles.LoraAdapter;
import io.memos4j.modelfiles.TensorType;
import io.memos4j.spi.runtime.AdapterFiles;
import io.memos4j.testkit.SampleAdapters;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;

/** Writes adapters with random numbers from a seed, which change a model's answers. */
final class RandomLoraAdapter {
    private RandomLoraAdapter() {}

    /** Writes an adapter for a GGUF model in both layouts, into a folder with its hash as name. */
    static AdapterFiles write(Path model, Path folder, long seed) throws IOException {
        return write(BaseModel.ofGguf(model), folder, seed);
    }

    static AdapterFiles write(BaseModel base, Path folder, long seed) throws IOException {
        Path written = folder.resolve("adapter.gguf");
        LoraAdapter adapter = SampleAdapters.random(base, seed);
        adapter.writeGguf(written, TensorType.F32);
        String hash = Sha256Hash.of(written);
        Path home = Files.createDirectories(folder.resolve(hash));
        Path peft = home.resolve("peft");
        adapter.writePeft(peft, TensorType.F32);
        return new AdapterFiles(
                hash, Files.move(written, home.resolve("adapter.gguf"), StandardCopyOption.REPLACE_EXISTING), peft);
    }
}
