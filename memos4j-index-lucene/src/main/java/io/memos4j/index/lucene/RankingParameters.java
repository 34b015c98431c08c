package io.memos4j.index.lucene;

/** The constants of lexical ranking, in one place. Chosen on the evaluation sets; see docs/benchmarks.md. */
final class RankingParameters {
    /**
     * BM25: how soon repetition stops counting. Memories are short; a word that occurs twice is hardly more relevant.
     */
    static final float K1 = 0.9f;

    /** BM25: how much longer passages are discounted. Passages are cut to one size, so little. */
    static final float B = 0.4f;

    /** The weight of a query word in the speaker's name, relative to the text. */
    static final float SPEAKER = 0.5f;

    /** The weight of a query word in the title. */
    static final float TITLE = 0.5f;

    /** Distinct words of a query that are looked up; the rest of a very long query is ignored. */
    static final int QUERY_TERMS = 256;

    private RankingParameters() {}
}
