package io.memos4j.trainer.pytorch;

import io.memos4j.api.MemoryException;
import io.memos4j.spi.LoraShape;
import io.memos4j.spi.LoraTarget;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.SplittableRandom;

/**
 * An adapter in memory.
 *
 * @param lora its size
 * @param row its numbers
 * @param scale what its change is multiplied with beside {@link LoraShape#scale}
 */
record Adapter(LoraShape lora, TrainableRow row, double scale) implements AutoCloseable {
    /** One that changes nothing yet: A is even random, as PEFT draws it, and B zero. */
    static Adapter fresh(ModelConfig config, LoraShape lora, Placement placement, long seed) {
        SplittableRandom random = new SplittableRandom(seed);
        Map<String, long[]> tensors = AdapterFolder.tensors(config, lora);
        return new Adapter(
                lora,
                TrainableRow.of(tensors, placement, (name, shape) -> {
                    if (name.endsWith("lora_B.weight")) {
                        return () -> 0;
                    }
                    double bound = 1 / Math.sqrt(shape[1]);
                    return () -> (float) random.nextDouble(-bound, bound);
                }),
                1);
    }

    /** That of a folder. */
    static Adapter read(Path folder, ModelConfig config, Placement placement, double scale) {
        LoraShape lora = AdapterFolder.shape(folder);
        Map<String, long[]> tensors;
        try {
            tensors = AdapterFolder.tensors(config, lora);
        } catch (MemoryException e) {
            throw ModelConfig.unusable(folder, "it does not fit the base (" + e.getMessage() + ")");
        }
        return new Adapter(lora, AdapterFolder.read(folder, tensors, placement), scale);
    }

    /** What it adds to a matrix. */
    Optional<Lora> on(int layer, LoraTarget target) {
        if (!lora.targets().contains(target)) {
            return Optional.empty();
        }
        return Optional.of(new Lora(
                row.get(AdapterFolder.down(layer, target)),
                row.get(AdapterFolder.up(layer, target)),
                lora.scale() * scale));
    }

    @Override
    public void close() {
        row.close();
    }
}
