package io.memos4j.modelfiles;

import io.memos4j.api.ErrorCode;
import io.memos4j.api.MemoryException;
import io.memos4j.api.adapters.LoraTarget;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/**
 * Reads and writes adapters as PEFT folders: a configuration and a safetensors file. Other files in the folder are
 * ignored.
 */
final class PeftFolder {
    private static final String CONFIG = "adapter_config.json";
    private static final String TENSORS = "adapter_model.safetensors";
    private static final List<String> PICKLES = List.of(".bin", ".pt", ".pth", ".pkl", ".pickle", ".ckpt");

    private PeftFolder() {}

    static LoraAdapter read(Path path, BaseModel base) {
        try {
            ArtifactFolder folder = ArtifactFolder.of(path, ErrorCode.ADAPTER_REFUSED);
            for (String ending : PICKLES) {
                if (folder.has("adapter_model" + ending)) {
                    throw new BrokenFileException("it has adapter_model" + ending
                            + ", a pickle, which runs code when it is read; save it as safetensors and remove it");
                }
            }
            LoraScale scale = PeftConfig.read(folder.readContent(CONFIG, PeftConfig.LONGEST));
            Path tensors = folder.file(TENSORS);
            ArtifactFolder.refusePickle(tensors);
            return read(SafetensorsFile.open(tensors), base, scale);
        } catch (BrokenFileException e) {
            throw LoraValidator.refused(path, e);
        } catch (MemoryException e) {
            throw LoraValidator.refused(e);
        }
    }

    private static LoraAdapter read(SafetensorsFile file, BaseModel base, LoraScale scale) throws BrokenFileException {
        boolean read = false;
        try {
            LoraAdapter adapter = LoraValidator.validate(file, LoraNames.PEFT, base, scale);
            read = true;
            return adapter;
        } finally {
            if (!read) {
                file.close();
            }
        }
    }

    static void write(LoraAdapter adapter, Path folder, TensorType numbers) throws IOException {
        Files.createDirectories(folder);
        BaseModel base = adapter.base();
        int rank = adapter.scale().rank();
        SafetensorsWriter tensors = new SafetensorsWriter().metadata("format", "pt");
        adapter.factors().forEach((matrix, factors) -> {
            LoraTarget target = matrix.target();
            WeightSource a = WeightSource.lazily(() -> LoraAdapter.requireRepresentable(factors.a(), numbers));
            WeightSource b = WeightSource.lazily(() -> LoraAdapter.requireRepresentable(factors.b(), numbers));
            tensors.tensor(LoraNames.PEFT.a(matrix), numbers, a, rank, base.columns(target))
                    .tensor(LoraNames.PEFT.b(matrix), numbers, b, base.rows(target), rank);
        });
        tensors.write(folder.resolve(TENSORS));
        Files.write(folder.resolve(CONFIG), PeftConfig.write(adapter));
    }
}
