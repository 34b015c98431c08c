package io.memos4j.spi.index;

import java.nio.file.Path;

/** Opens cube indexes; found with {@link java.util.ServiceLoader}. */
public interface CubeIndexProvider {
    /**
     * Opens the index in {@code directory}, or makes an empty one with sequence number 0.
     *
     * @param dimension of the cube's vectors, 0 if it has none
     * @throws io.memos4j.api.MemoryException with {@link io.memos4j.api.ErrorCode#CORRUPT} if what is there cannot be
     *     read or was written in another format or dimension
     */
    CubeIndex open(Path directory, int dimension);
}
