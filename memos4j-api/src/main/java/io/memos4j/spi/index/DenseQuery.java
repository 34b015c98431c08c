package io.memos4j.spi.index;

import io.memos4j.api.items.Filter;
import java.time.Duration;

/**
 * A query for {@link CubeIndex#dense}.
 *
 * @param vector encoded by {@link Int8Vectors}
 * @param filter which items may be proposed; applied before ranking
 * @param limit passages at the most
 * @param timeout after which the best so far is returned
 */
@SuppressWarnings("ArrayRecordComponent")
public record DenseQuery(byte[] vector, Filter filter, int limit, Duration timeout) {}
