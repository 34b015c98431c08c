package io.memos4j.core.composition;

import io.memos4j.api.CubeId;
import io.memos4j.api.ErrorCode;
import io.memos4j.api.MemoryException;
import io.memos4j.spi.CubeRow;
import io.memos4j.spi.VaultReader;

/** From which cube to which other one. */
public record Route(CubeRow from, CubeRow to) {
    public Route {
        if (from.key().equals(to.key())) {
            throw MemoryException.invalid(
                    "Cube '" + from.id() + "' is both the source and the target. Name two cubes.");
        }
    }

    /** Fails if one of the cubes was deleted meanwhile. */
    void require(VaultReader reader) {
        require(reader, from);
        require(reader, to);
    }

    private static void require(VaultReader reader, CubeRow cube) {
        if (reader.cube(cube.key()).isEmpty()) {
            throw deleted(cube.id());
        }
    }

    private static MemoryException deleted(CubeId id) {
        return new MemoryException(ErrorCode.CUBE_NOT_FOUND, "Cube '" + id + "' was deleted.");
    }
}
