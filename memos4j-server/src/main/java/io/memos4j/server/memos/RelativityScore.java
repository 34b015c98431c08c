package io.memos4j.server.memos;

import io.memos4j.api.search.SearchHit;

/**
 * Converts scores of hits to the scale that MemOS clients expect, whose default threshold is 0.45.
 *
 * <p>A {@link SearchHit#score} is relative to the best possible hit: the best hit of a search is near 1, and the others
 * are judged by their distance from it. For the questions of two LoCoMo conversations (3,040 top-ten hits, 277 of them
 * labeled evidence; the best hit scores at least 0.71), evidence scores at least 0.50 in 95% of cases and at least 0.37
 * in 99%; other hits have a median of 0.59 and a tenth percentile of 0.35. A threshold of 0.35 therefore loses 1 of 277
 * pieces of evidence; one of 0.45 would lose ten. Raising scores to the power 3/4 keeps their order and both ends, and
 * maps 0.345 to 0.45. It does not detect questions that the memories cannot answer: their best hits score high too.
 */
final class RelativityScore {
    private static final double POWER = 0.75;

    private RelativityScore() {}

    /** Returns a value from 0 to 1 that grows with the score. */
    static double of(SearchHit hit) {
        return of(hit.score());
    }

    static double of(double score) {
        return Math.pow(score, POWER);
    }
}
