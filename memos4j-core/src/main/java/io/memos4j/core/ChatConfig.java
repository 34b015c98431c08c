package io.memos4j.core;

import io.memos4j.api.MemoryException;
import io.memos4j.spi.models.ChatModel;
import io.memos4j.spi.runtime.ActivationRuntime;

/** What answers conversations; closed with the engine. */
public sealed interface ChatConfig {
    /**
     * A model whose computed beginnings are managed as activation memory.
     *
     * @param quota the room for them
     */
    record LocalModel(ActivationRuntime runtime, CacheQuota quota) implements ChatConfig {}

    /** A provider's model, which keeps beginnings itself. */
    record ProviderModel(ChatModel model) implements ChatConfig {}

    /**
     * The room for computed beginnings.
     *
     * @param memoryBytes of copies in memory, beside the model's own cache
     * @param diskBytes of all files
     * @param cubeBytes of the files of one cube
     */
    record CacheQuota(long maxMemoryBytes, long maxDiskBytes, long maxCubeBytes) {
        /** 512 MiB in memory, 8 GiB on disk, of which 1 GiB for one cube. */
        public static final CacheQuota DEFAULT = new CacheQuota(512L << 20, 8L << 30, 1L << 30);

        public CacheQuota {
            if (maxMemoryBytes < 0 || maxDiskBytes < 0 || maxCubeBytes < 0) {
                throw MemoryException.invalid("A quota must not be negative (was " + maxMemoryBytes + ", "
                        + maxDiskBytes + ", " + maxCubeBytes + " bytes).");
            }
        }
    }
}
