package io.memos4j.server.memos;

import io.memos4j.api.search.SearchHit;

/**
 * The score of a hit on the scale that clients of MemOS expect, whose default threshold is 0.45.
 *
 * <p>A {@link SearchHit#score} is relative to what a question could best be answered with: the best hit of a search is
 * near 1, and what follows has to be judged by its distance. Over the questions of two LoCoMo conversations (3,040 hits
 * within the first ten, of which 277 are the labelled evidence; best hit 0.71 at the least) evidence scores 0.50 or
 * more in 95 of 100 cases and 0.37 or more in 99, other hits 0.59 in the middle and 0.35 or less in one of ten. So the
 * line to draw is at 0.35, which loses 1 of 277 pieces of evidence; drawn at 0.45 it would lose ten. The power 3/4
 * keeps the order and both ends and puts 0.345 at 0.45. It does not tell a question that the memories have no answer
 * to: its best hits score high as well.
 */
final class RelativityScore {
    private static final double POWER = 0.75;

    private RelativityScore() {}

    /** 0 to 1; grows with the score. */
    static double of(SearchHit hit) {
        return of(hit.score());
    }

    static double of(double score) {
        return Math.pow(score, POWER);
    }
}
