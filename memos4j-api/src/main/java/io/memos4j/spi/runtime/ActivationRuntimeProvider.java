package io.memos4j.spi.runtime;

/**
 * Opens activation runtimes; found with {@link java.util.ServiceLoader}.
 *
 * <p>An implementation may need a newer Java than this interface. The loader then fails with a {@link LinkageError},
 * which means no more than that this runtime is not available.
 */
public interface ActivationRuntimeProvider {
    /**
     * Loads a model. Slow (the file is hashed) and large.
     *
     * @throws io.memos4j.api.MemoryException {@link io.memos4j.api.ErrorCode#MODEL_UNREADABLE} if the model file is
     *     missing, cut short or of a kind that this runtime does not run;
     *     {@link io.memos4j.api.ErrorCode#INVALID_ARGUMENT} if the options do not fit the model;
     *     {@link io.memos4j.api.ErrorCode#RUNTIME_FAILED} if the native library cannot be used or has no memory
     */
    ActivationRuntime open(ActivationOptions options);
}
