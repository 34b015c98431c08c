package io.memos4j.core.search;

import io.memos4j.api.CubeId;
import io.memos4j.spi.CubeRow;
import java.util.function.Supplier;

/**
 * A cube that a composite searches.
 *
 * @param id its name, for warnings
 * @param row looks it up; fails if it is gone or cannot be searched
 */
public record SearchScope(CubeId id, Supplier<CubeRow> row) {}
