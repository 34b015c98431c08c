package io.memos4j.core.search;

import io.memos4j.api.ItemId;
import io.memos4j.spi.index.PassageCandidate;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.ObjIntConsumer;

/**
 * Fuses the lexical and the dense ranking by a convex combination of normalized scores (Bruch, Gai, Ingber: "An
 * Analysis of Fusion Functions for Hybrid Retrieval", TOIS 2023), which keeps the distances between scores that rank
 * fusion discards.
 *
 * <p>BM25 is divided by the best score of the query. Cosines are scaled between the background, which is the lowest
 * cosine among the candidates, and the best one, since the cosines of an embedder lie in a narrow band. An item takes
 * the best of its passages.
 */
final class ScoreFusion {
    /** The weight of the dense ranking; the rest is lexical. */
    static final double DENSE_WEIGHT = 0.6;

    /** The dense weight for a query of several sentences, most of whose words are beside the question. */
    static final double DENSE_WEIGHT_OF_A_PASSAGE = 0.8;

    /** The dense weight where all of several things are asked for, which share words rather than one meaning. */
    static final double DENSE_WEIGHT_WHEN_GATHERING = 0.5;

    private static final int MANY = 100;
    private static final float BACKGROUND_OF_FEW = 0.7f;

    private ScoreFusion() {}

    /**
     * An item that a ranking proposed.
     *
     * @param score 0 to 1
     * @param passages the proposed passages with their own fused score, best first
     * @param lexicalRank from 1, 0 if the lexical ranking does not have it
     * @param denseRank from 1, 0 if the dense ranking does not have it
     */
    record FusedCandidate(
            ItemId item, double score, List<PassageScore> passages, int lexicalRank, int denseRank, float cosine) {
        /** An item that no ranking proposed, but that inherits its score. */
        static FusedCandidate inherited(ItemId item, double score) {
            return new FusedCandidate(item, score, List.of(), 0, 0, 0);
        }
    }

    /** A passage with its fused score. */
    record PassageScore(int passage, double score) {}

    /** The items of both rankings, best first. Ties keep the order of the rankings. */
    static List<FusedCandidate> fuse(List<PassageCandidate> lexical, List<PassageCandidate> dense, double denseWeight) {
        double weight = dense.isEmpty() ? 0 : lexical.isEmpty() ? 1 : denseWeight;
        Map<ItemId, Tally> tallies = new LinkedHashMap<>();
        float bestLexical = lexical.isEmpty() ? 0 : lexical.getFirst().score();
        for (PassageCandidate candidate : lexical) {
            double normal = bestLexical > 0 ? candidate.score() / bestLexical : 0;
            tallies.computeIfAbsent(candidate.item(), Tally::new)
                    .addLexical(candidate.passage(), (1 - weight) * normal);
        }
        float top = dense.isEmpty() ? 0 : dense.getFirst().score();
        float background = backgroundScore(dense);
        for (PassageCandidate candidate : dense) {
            double normal = top > background ? (candidate.score() - background) / (top - background) : 1;
            tallies.computeIfAbsent(candidate.item(), Tally::new).addDense(candidate, weight * normal);
        }
        assignRanks(tallies, lexical, Tally::lexicalRank);
        assignRanks(tallies, dense, Tally::denseRank);
        return tallies.values().stream()
                .map(Tally::fused)
                .sorted(Comparator.comparingDouble(FusedCandidate::score).reversed())
                .toList();
    }

    /**
     * The cosine of a text unrelated to the query: the lowest of many candidates. A few candidates may all be related,
     * so the background is then at most a share of the best cosine.
     */
    static float backgroundScore(List<PassageCandidate> dense) {
        if (dense.isEmpty()) {
            return 0;
        }
        float lowest = dense.getLast().score();
        return dense.size() >= MANY
                ? lowest
                : Math.min(lowest, BACKGROUND_OF_FEW * dense.getFirst().score());
    }

    /** Numbers the items of a ranking of passages from 1. */
    private static void assignRanks(
            Map<ItemId, Tally> tallies, List<PassageCandidate> ranking, ObjIntConsumer<Tally> rank) {
        List<ItemId> items =
                ranking.stream().map(PassageCandidate::item).distinct().toList();
        for (int i = 0; i < items.size(); i++) {
            rank.accept(tallies.computeIfAbsent(items.get(i), Tally::new), i + 1);
        }
    }

    private static final class Tally {
        private final ItemId item;
        private final Map<Integer, Double> passages = new LinkedHashMap<>();
        private double lexical;
        private double dense;
        private float cosine;
        private int lexicalRank;
        private int denseRank;

        Tally(ItemId item) {
            this.item = item;
        }

        void addLexical(int passage, double score) {
            lexical = Math.max(lexical, score);
            passages.merge(passage, score, Double::sum);
        }

        void addDense(PassageCandidate candidate, double score) {
            dense = Math.max(dense, score);
            cosine = Math.max(cosine, candidate.score());
            passages.merge(candidate.passage(), score, Double::sum);
        }

        void lexicalRank(int rank) {
            lexicalRank = rank;
        }

        void denseRank(int rank) {
            denseRank = rank;
        }

        FusedCandidate fused() {
            List<PassageScore> parts = new ArrayList<>();
            passages.forEach((passage, score) -> parts.add(new PassageScore(passage, score)));
            parts.sort(Comparator.comparingDouble(PassageScore::score).reversed());
            double score = Math.clamp(lexical + dense, 0, 1);
            return new FusedCandidate(item, score, parts, lexicalRank, denseRank, cosine);
        }
    }
}
