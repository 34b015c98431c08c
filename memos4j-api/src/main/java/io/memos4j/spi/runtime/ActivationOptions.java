package io.memos4j.spi.runtime;

import io.memos4j.api.MemoryException;
import java.nio.file.Path;
import java.util.Optional;

/**
 * Options of opening a runtime.
 *
 * @param model the model file
 * @param contextTokens tokens that all handles together may hold, {@value #MIN_CONTEXT} to {@value #MAX_CONTEXT}; 4,096
 *     by default. Memory for them is taken at once: {@link ModelShape#bytesPerToken} each
 * @param handles handles that may be open at once, 1 to {@value #MAX_HANDLES}; 16 by default, since an unused one costs
 *     nothing
 * @param caches types of the KV cache; F16 by default, which is exact
 * @param threads that compute, 1 to {@value #MAX_THREADS}; by default all processors of the machine
 * @param packed whether saved files are compressed: smaller, and slower to restore; false by default
 * @param library a native library to use instead of the runtime's own
 */
public record ActivationOptions(
        Path model,
        int contextTokens,
        int handles,
        KvCacheTypes caches,
        int threads,
        boolean packed,
        Optional<Path> library) {
    public static final int MIN_CONTEXT = 64;
    public static final int MAX_CONTEXT = 1 << 20;
    public static final int MAX_HANDLES = 64;
    public static final int MAX_THREADS = 256;

    public ActivationOptions {
        check("contextTokens", contextTokens, MIN_CONTEXT, MAX_CONTEXT);
        check("handles", handles, 1, MAX_HANDLES);
        check("threads", threads, 1, MAX_THREADS);
    }

    private static void check(String name, int value, int least, int most) {
        if (value < least || value > most) {
            throw MemoryException.invalid(name + " must be " + least + " to " + most + " (was " + value + ").");
        }
    }

    /** The defaults. */
    public static ActivationOptions of(Path model) {
        int processors = Math.min(Runtime.getRuntime().availableProcessors(), MAX_THREADS);
        return new ActivationOptions(
                model, 4_096, 16, KvCacheTypes.of(KvCacheType.F16), processors, false, Optional.empty());
    }

    public ActivationOptions contextTokens(int newContextTokens) {
        return new ActivationOptions(model, newContextTokens, handles, caches, threads, packed, library);
    }

    public ActivationOptions handles(int newHandles) {
        return new ActivationOptions(model, contextTokens, newHandles, caches, threads, packed, library);
    }

    public ActivationOptions caches(KvCacheTypes newCaches) {
        return new ActivationOptions(model, contextTokens, handles, newCaches, threads, packed, library);
    }

    public ActivationOptions threads(int newThreads) {
        return new ActivationOptions(model, contextTokens, handles, caches, newThreads, packed, library);
    }

    public ActivationOptions packed(boolean newPacked) {
        return new ActivationOptions(model, contextTokens, handles, caches, threads, newPacked, library);
    }

    public ActivationOptions library(Path newLibrary) {
        return new ActivationOptions(model, contextTokens, handles, caches, threads, packed, Optional.of(newLibrary));
    }
}
