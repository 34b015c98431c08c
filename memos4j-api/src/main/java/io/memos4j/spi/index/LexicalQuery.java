package io.memos4j.spi.index;

import io.memos4j.api.items.Filter;
import java.time.Duration;
import java.util.Optional;

/**
 * A query for {@link CubeIndex#lexical}.
 *
 * @param text natural language; never read as a query syntax
 * @param filter which items may be proposed; applied before ranking
 * @param limit passages at the most
 * @param timeout after which the best so far is returned
 * @param words how common words are to be taken to be; as they are in this index if empty
 */
public record LexicalQuery(String text, Filter filter, int limit, Duration timeout, Optional<WordStatistics> words) {
    /** Words weigh what they weigh in this index. */
    public LexicalQuery(String text, Filter filter, int limit, Duration timeout) {
        this(text, filter, limit, timeout, Optional.empty());
    }
}
