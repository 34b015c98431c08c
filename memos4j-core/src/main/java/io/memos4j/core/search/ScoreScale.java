package io.memos4j.core.search;

import io.memos4j.core.search.CandidateRetriever.CandidateRankings;
import io.memos4j.spi.index.PassageCandidate;
import java.util.List;

/** Scales a score between the background of the whole search, 0, and its best match, 1. */
record ScoreScale(double background, double top) {
    static ScoreScale of(CandidateRankings proposed) {
        boolean byVector = proposed.vector().isPresent();
        List<PassageCandidate> all = (byVector ? proposed.dense() : proposed.lexical()).candidates();
        if (all.isEmpty()) {
            return new ScoreScale(0, 1);
        }
        double background = byVector ? ScoreFusion.backgroundScore(all) : 0;
        return new ScoreScale(background, Math.max(all.getFirst().score(), background + 1e-9));
    }

    double of(PassageCandidate candidate) {
        return Math.min(1, (candidate.score() - background) / (top - background));
    }
}
