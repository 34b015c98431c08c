package io.memos4j.core.search;

import io.memos4j.api.CubeId;
import io.memos4j.spi.CubeRow;
import java.util.function.Supplier;

/**
 * A cube to search.
 *
 * @param id its name, for warnings
 * @param row looks it up; fails if it is gone or cannot be searched
 */
public record SearchScope(CubeId id, Supplier<CubeRow> row) {
    static SearchScope of(CubeRow cube) {
        return new SearchScope(cube.id(), () -> cube);
    }
}
