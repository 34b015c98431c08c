package io.memos4j.core.search;

import io.memos4j.api.ErrorCode;
import io.memos4j.api.MemoryException;
import io.memos4j.spi.models.Reranker;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;

/** Has a reranker order the best hits; if it fails or is late, the order stays as it is, with a warning. */
final class RerankStage {
    /** The hits that the reranker reads; the rest stays behind them. */
    private static final int MAX_RERANKED = 50;

    private final Reranker reranker;
    private final SearchDeadline deadline;
    private final SearchTrace trace;

    RerankStage(Reranker reranker, SearchDeadline deadline, SearchTrace trace) {
        this.reranker = reranker;
        this.deadline = deadline;
        this.trace = trace;
    }

    List<RankedItem> apply(String query, List<RankedItem> ranked, Function<RankedItem, String> excerpt) {
        List<RankedItem> read = ranked.subList(0, Math.min(MAX_RERANKED, ranked.size()));
        if (read.size() < 2) {
            return ranked;
        }
        try {
            List<Double> scores =
                    reranker.score(query, read.stream().map(excerpt).toList(), deadline.remaining());
            if (scores.size() != read.size() || scores.stream().anyMatch(score -> !Double.isFinite(score))) {
                return keepOrder(ranked, "it gave " + scores.size() + " usable scores for " + read.size() + " texts");
            }
            return reorder(ranked, scores);
        } catch (MemoryException e) {
            if (e.code() == ErrorCode.INTERRUPTED) {
                throw e;
            }
            return keepOrder(ranked, e.getMessage());
        }
    }

    private List<RankedItem> keepOrder(List<RankedItem> ranked, String reason) {
        trace.warn(
                "rerank_unavailable",
                "The order is that of the index; the reranker " + reranker.id() + " failed: " + reason);
        return ranked;
    }

    /** Orders the hits by the reranker's scores, scaled between their best and their lowest score so far. */
    private static List<RankedItem> reorder(List<RankedItem> ranked, List<Double> scores) {
        double best = scores.stream().mapToDouble(Double::doubleValue).max().orElse(0);
        double worst = scores.stream().mapToDouble(Double::doubleValue).min().orElse(0);
        double top = ranked.getFirst().score();
        double bottom = ranked.get(scores.size() - 1).score();
        List<RankedItem> ordered = new ArrayList<>();
        for (int i = 0; i < scores.size(); i++) {
            double share = best > worst ? (scores.get(i) - worst) / (best - worst) : 1;
            ordered.add(ranked.get(i).withScore(bottom + share * (top - bottom)).withReason("reranked"));
        }
        ordered.sort(RankedItem.BEST_FIRST);
        ordered.addAll(ranked.subList(scores.size(), ranked.size()));
        return ordered;
    }
}
