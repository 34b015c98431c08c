package io.memos4j.spi.index;

import java.util.List;

/**
 * The derived search index of one cube. Thread-safe. It can be deleted at any time and rebuilt from the vault.
 *
 * <p>Failures are {@link io.memos4j.api.MemoryException}s; {@link io.memos4j.api.ErrorCode#CORRUPT} means that the
 * folder is to be dropped and rebuilt.
 */
public interface CubeIndex extends AutoCloseable {
    /** The sequence number up to which changes are searchable. */
    long appliedSeq();

    /** Applies changes; they are searchable when this returns, and on disk at the next {@link #commit()}. */
    void apply(ChangeBatch batch);

    /** Ranks passages by BM25. */
    Ranking lexical(LexicalQuery query);

    /** Returns the statistics of a query's words in this index; cheap. */
    WordStatistics words(String text);

    /** Ranks passages by cosine similarity. */
    Ranking dense(DenseQuery query);

    /** Makes everything applied so far durable. */
    void commit();

    /** Rewrites the index so that no byte of an erased item is left in it, and commits. */
    void expunge();

    /** Passages in the index. */
    long size();

    /** Commits and releases everything. */
    @Override
    void close();

    /**
     * A ranking, best first.
     *
     * @param complete false if the deadline cut it short
     */
    record Ranking(List<PassageCandidate> candidates, boolean complete) {
        public Ranking {
            candidates = List.copyOf(candidates);
        }
    }
}
