package io.memos4j.modelfiles;

import io.memos4j.api.MemoryException;
import io.memos4j.api.adapters.LoraTarget;
import java.io.IOException;
import java.nio.file.Path;

/**
 * Reads and writes adapters in GGUF files, the format of llama.cpp's {@code convert_lora_to_gguf.py} and
 * {@code llama-adapter.cpp}.
 */
final class LoraGguf {
    private static final String ALPHA = "adapter.lora.alpha";

    private LoraGguf() {}

    static LoraAdapter read(Path path, BaseModel base) {
        try {
            ArtifactFolder.refusePickle(path);
            return read(GgufFile.open(path), base);
        } catch (BrokenFileException e) {
            throw LoraValidator.refused(path, e);
        } catch (MemoryException e) {
            throw LoraValidator.refused(e);
        }
    }

    private static LoraAdapter read(GgufFile file, BaseModel base) throws BrokenFileException {
        boolean read = false;
        try {
            requireLora(file.keys(), base);
            LoraAdapter adapter = LoraValidator.validate(file, LoraNames.GGUF, base, scale(file));
            read = true;
            return adapter;
        } finally {
            if (!read) {
                file.close();
            }
        }
    }

    private static void requireLora(GgufMetadata keys, BaseModel base) throws BrokenFileException {
        if (!"adapter".equals(keys.values().get("general.type"))
                || !"lora".equals(keys.values().get("adapter.type"))) {
            throw new BrokenFileException(
                    "it is a GGUF file, but no LoRA adapter; convert one with convert_lora_to_gguf.py");
        }
        String architecture = keys.text("general.architecture");
        if (!architecture.equals(base.architecture())) {
            throw new BrokenFileException("it is for models of architecture " + LoraValidator.excerpt(architecture)
                    + ", not " + base.architecture() + "; use it with the model that it was trained for");
        }
        if (keys.values().containsKey("adapter.alora.invocation_tokens")) {
            throw new BrokenFileException("it is an activated LoRA, which is not plain LoRA; train it without");
        }
    }

    /**
     * Reads the scale. Without an alpha, or with 0, llama.cpp uses 1; another type than float would abort its process.
     */
    private static LoraScale scale(GgufFile file) throws BrokenFileException {
        TensorInfo first = file.tensors().getFirst();
        long rank = first.shape()
                .get(first.name().endsWith("_a") ? 0 : first.shape().size() - 1);
        Object alpha = file.keys().values().getOrDefault(ALPHA, 0f);
        if (!(alpha instanceof Float number)) {
            throw new BrokenFileException("its " + ALPHA + " is not a 32-bit float; convert it again");
        }
        int bounded = (int) Math.min(rank, Integer.MAX_VALUE);
        return new LoraScale(bounded, number == 0 ? bounded : number);
    }

    static void write(LoraAdapter adapter, Path path, TensorType numbers) throws IOException {
        BaseModel base = adapter.base();
        int rank = adapter.scale().rank();
        GgufWriter gguf = new GgufWriter()
                .put("general.architecture", base.architecture())
                .put("general.type", "adapter")
                .put("general.file_type", fileType(numbers))
                .put("adapter.type", "lora")
                .put(ALPHA, adapter.scale().alpha());
        adapter.factors().forEach((matrix, factors) -> {
            LoraTarget target = matrix.target();
            WeightSource a = WeightSource.lazily(() -> LoraAdapter.requireRepresentable(factors.a(), numbers));
            WeightSource b = WeightSource.lazily(
                    () -> LoraAdapter.requireRepresentable(outer(adapter, target, factors), numbers));
            gguf.tensor(LoraNames.GGUF.a(matrix), numbers, a, base.columns(target), rank)
                    .tensor(LoraNames.GGUF.b(matrix), numbers, b, rank, base.rows(target));
        });
        gguf.write(path);
    }

    private static float[] outer(LoraAdapter adapter, LoraTarget target, LoraFactors factors) {
        return RotaryRowOrder.differs(adapter.base(), target)
                ? RotaryRowOrder.toGguf(
                        factors.b(), adapter.scale().rank(), adapter.base().headWidth())
                : factors.b();
    }

    /** The number of a file type in {@code llama.h}. */
    static int fileType(TensorType numbers) {
        return switch (numbers) {
            case F16 -> 1;
            case BF16 -> 32;
            default -> 0;
        };
    }
}
