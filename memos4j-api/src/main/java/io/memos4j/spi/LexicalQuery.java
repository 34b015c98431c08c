package io.memos4j.spi;

import io.memos4j.api.Filter;
import java.time.Duration;

/**
 * A query for {@link CubeIndex#lexical}.
 *
 * @param text natural language; never read as a query syntax
 * @param filter which items may be proposed; applied before ranking
 * @param limit passages at the most
 * @param timeout after which the best so far is returned
 */
public record LexicalQuery(String text, Filter filter, int limit, Duration timeout) {}
