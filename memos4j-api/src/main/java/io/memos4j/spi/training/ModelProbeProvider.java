package io.memos4j.spi.training;

import io.memos4j.api.MemoryException;
import java.nio.file.Path;
import java.util.Optional;

/** Opens models to be asked; found with {@link java.util.ServiceLoader}. */
public interface ModelProbeProvider {
    /**
     * Loads a model.
     *
     * @throws io.memos4j.api.MemoryException {@link io.memos4j.api.ErrorCode#MODEL_UNREADABLE} if base or adapter are
     *     missing, broken, of an unknown kind or do not fit each other; {@link io.memos4j.api.ErrorCode#UNSUPPORTED} if
     *     the device is not there; {@link io.memos4j.api.ErrorCode#RUNTIME_FAILED}
     */
    ModelProbe open(Model model);

    /**
     * The model to load.
     *
     * @param base folder of the base model, as in {@link TrainingRequest#base}
     * @param adapter folder of an adapter, as in {@link TrainedAdapter#folder}
     * @param scale what the change by the adapter is multiplied with, {@code -10} to 10; 1 is as trained
     * @param compute where
     */
    record Model(Path base, Optional<Path> adapter, double scale, ComputeOptions compute) {
        public Model {
            if (!(Math.abs(scale) <= 10)) {
                throw MemoryException.invalid("scale must be -10 to 10 (was " + scale + ").");
            }
        }

        /** A base alone, on the processor. */
        public static Model of(Path base) {
            return new Model(base, Optional.empty(), 1, ComputeOptions.processor());
        }

        public Model adapter(Path folder) {
            return new Model(base, Optional.of(folder), scale, compute);
        }

        public Model scale(double newScale) {
            return new Model(base, adapter, newScale, compute);
        }

        public Model compute(ComputeOptions newCompute) {
            return new Model(base, adapter, scale, newCompute);
        }
    }
}
