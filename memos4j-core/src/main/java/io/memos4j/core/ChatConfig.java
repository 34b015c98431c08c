package io.memos4j.core;

import io.memos4j.api.MemoryException;
import io.memos4j.spi.models.ChatModel;
import io.memos4j.spi.runtime.ActivationRuntime;

/** The model that answers conversations; closed with the engine. */
public sealed interface ChatConfig {
    /**
     * A local model whose KV cache is managed as activation memory.
     *
     * @param quota the space for cached prefixes
     */
    record LocalModel(ActivationRuntime runtime, CacheQuota quota) implements ChatConfig {}

    /** A provider's model, which caches prefixes itself. */
    record ProviderModel(ChatModel model) implements ChatConfig {}

    /**
     * The space for cached prefixes of prompts.
     *
     * @param maxMemoryBytes of copies in memory, beside the cache of the model
     * @param maxDiskBytes of all files
     * @param maxCubeBytes of the files of one cube
     */
    record CacheQuota(long maxMemoryBytes, long maxDiskBytes, long maxCubeBytes) {
        /** 512 MiB in memory and 8 GiB on disk, 1 GiB of it for one cube. */
        public static final CacheQuota DEFAULT = new CacheQuota(512L << 20, 8L << 30, 1L << 30);

        public CacheQuota {
            if (maxMemoryBytes < 0 || maxDiskBytes < 0 || maxCubeBytes < 0) {
                throw MemoryException.invalid("A quota must not be negative (was " + maxMemoryBytes + ", "
                        + maxDiskBytes + ", " + maxCubeBytes + " bytes).");
            }
        }
    }
}
