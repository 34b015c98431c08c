package io.memos4j.core;

import io.memos4j.api.MemoryException;
import io.memos4j.spi.ActivationRuntime;
import io.memos4j.spi.ChatModel;

/** What answers conversations; closed with the engine. */
public sealed interface Answering {
    /**
     * A model whose computed beginnings are managed as activation memory.
     *
     * @param quota the room for them
     */
    record Local(ActivationRuntime runtime, Quota quota) implements Answering {}

    /** A provider's model, which keeps beginnings itself. */
    record Provider(ChatModel model) implements Answering {}

    /**
     * The room for computed beginnings.
     *
     * @param memoryBytes of copies in memory, beside the model's own cache
     * @param diskBytes of all files
     * @param cubeBytes of the files of one cube
     */
    record Quota(long memoryBytes, long diskBytes, long cubeBytes) {
        /** 512 MiB in memory, 8 GiB on disk, of which 1 GiB for one cube. */
        public static final Quota DEFAULT = new Quota(512L << 20, 8L << 30, 1L << 30);

        public Quota {
            if (memoryBytes < 0 || diskBytes < 0 || cubeBytes < 0) {
                throw MemoryException.invalid("A quota must not be negative (was " + memoryBytes + ", " + diskBytes
                        + ", " + cubeBytes + " bytes).");
            }
        }
    }
}
