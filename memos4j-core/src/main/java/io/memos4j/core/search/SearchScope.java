package io.memos4j.core.search;

import io.memos4j.api.CubeId;
import io.memos4j.api.privacy.Reader;
import io.memos4j.spi.CubeRow;
import java.util.function.Supplier;

/**
 * A cube to search.
 *
 * @param id its name, for warnings
 * @param row looks it up; fails if it is gone or cannot be searched
 * @param reader for whom it is searched
 */
public record SearchScope(CubeId id, Supplier<CubeRow> row, Reader reader) {
    /** A cube that was looked up. */
    record Opened(CubeRow cube, Reader reader) {}

    Opened open() {
        return new Opened(row.get(), reader);
    }

    static SearchScope of(CubeRow cube) {
        return new SearchScope(cube.id(), () -> cube, Reader.OWNER);
    }
}
