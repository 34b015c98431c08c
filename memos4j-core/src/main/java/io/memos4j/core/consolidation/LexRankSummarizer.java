package io.memos4j.core.consolidation;

import io.memos4j.api.ItemId;
import io.memos4j.core.language.ContentWords;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.IntStream;

/**
 * Selects the few lines that summarize many.
 *
 * <p>A line scores higher the more it resembles other high-scoring lines (LexRank: Erkan and Radev, 2004), over words
 * weighted by rarity; a line that repeats a selected one is penalized (maximal marginal relevance: Carbonell and
 * Goldstein, 1998). Lines of the previous summary get a small bonus, so that a summary changes only for a better line.
 * Deterministic; English and Chinese.
 */
final class LexRankSummarizer {
    private static final double DAMPING = 0.85;
    private static final int ROUNDS = 20;

    /** Pairs of lines with a lower similarity are treated as unrelated. */
    private static final double MIN_SIMILARITY = 0.05;

    /** The weight of the penalty for repetition. */
    private static final double REPETITION_PENALTY = 0.7;

    private static final double PREVIOUS_BONUS = 1.25;

    private final int maxLines;
    private final int maxTokens;

    LexRankSummarizer(int maxLines, int maxTokens) {
        this.maxLines = maxLines;
        this.maxTokens = maxTokens;
    }

    /**
     * A candidate line.
     *
     * @param source the item that it was taken from
     * @param lead its prefix: the day and the speaker
     * @param text the sentence
     * @param weight the weight of its kind
     */
    record Line(ItemId source, String lead, String text, double weight) {
        String rendered() {
            return lead + text;
        }
    }

    /** The selected lines in their original order; the gist is the most central one. */
    record Extract(List<Line> lines, String gist) {
        static final Extract NOTHING = new Extract(List.of(), "");
    }

    /**
     * Selects lines within the limits.
     *
     * @param before the rendered lines of the previous summary
     */
    Extract summarize(List<Line> lines, Set<String> before) {
        if (lines.isEmpty()) {
            return Extract.NOTHING;
        }
        SimilarityGraph graph = SimilarityGraph.of(lines);
        double[] scores = graph.centralities();
        double top = Arrays.stream(scores).max().orElse(1);
        for (int i = 0; i < scores.length; i++) {
            Line line = lines.get(i);
            scores[i] = scores[i] / top * line.weight * (before.contains(line.rendered()) ? PREVIOUS_BONUS : 1);
        }
        List<Integer> selected = selectLines(lines, scores, graph);
        Line gist = lines.get(selected.stream()
                .max(Comparator.comparingDouble((Integer i) -> scores[i]).thenComparing(i -> -i))
                .orElseThrow());
        return new Extract(selected.stream().sorted().map(lines::get).toList(), gist.text);
    }

    private List<Integer> selectLines(List<Line> lines, double[] scores, SimilarityGraph graph) {
        List<Integer> selected = new ArrayList<>();
        Set<Integer> left =
                new HashSet<>(IntStream.range(0, lines.size()).boxed().toList());
        int tokens = 0;
        while (!left.isEmpty() && selected.size() < maxLines) {
            int best = -1;
            double value = Double.NEGATIVE_INFINITY;
            for (int i : left) {
                double repeats =
                        selected.stream().mapToDouble(c -> graph.of(i, c)).max().orElse(0);
                double worth = scores[i] * (1 - repeats) - REPETITION_PENALTY * repeats * repeats;
                if (worth > value || worth == value && i < best) {
                    best = i;
                    value = worth;
                }
            }
            left.remove(best);
            int cost = estimateTokens(lines.get(best).rendered());
            if (selected.isEmpty() || tokens + cost <= maxTokens) {
                selected.add(best);
                tokens += cost;
            }
        }
        return selected;
    }

    /** Estimates the tokens of a text: four Latin characters or one Chinese character each. */
    static int estimateTokens(String text) {
        long chinese = text.codePoints().filter(Character::isIdeographic).count();
        return (int) (chinese + (text.length() - chinese + 3) / 4);
    }

    /** The cosine similarities of all pairs of lines that share a word. */
    private record SimilarityGraph(List<Map<Integer, Double>> rows) {
        static SimilarityGraph of(List<Line> lines) {
            List<Set<String>> words =
                    lines.stream().map(line -> ContentWords.of(line.text)).toList();
            Map<String, List<Integer>> holders = new HashMap<>();
            for (int i = 0; i < words.size(); i++) {
                for (String word : words.get(i)) {
                    holders.computeIfAbsent(word, each -> new ArrayList<>()).add(i);
                }
            }
            double[] norms = new double[lines.size()];
            List<Map<Integer, Double>> rows = new ArrayList<>();
            lines.forEach(line -> rows.add(new HashMap<>()));
            holders.forEach((word, in) -> {
                double rarity = Math.log(1 + (double) lines.size() / in.size());
                double square = rarity * rarity;
                in.forEach(i -> norms[i] += square);
                // Very common words say nothing, and would cost the square of the number of lines.
                if (in.size() <= Math.max(10, lines.size() / 10)) {
                    in.forEach(i -> in.forEach(j -> rows.get(i).merge(j, square, Double::sum)));
                }
            });
            for (int i = 0; i < rows.size(); i++) {
                int row = i;
                rows.get(i).replaceAll((j, dot) -> dot / Math.sqrt(norms[row] * norms[j]));
                rows.get(i).entrySet().removeIf(each -> each.getValue() < MIN_SIMILARITY || each.getKey() == row);
            }
            return new SimilarityGraph(rows);
        }

        double of(int i, int j) {
            return rows.get(i).getOrDefault(j, 0.0);
        }

        double[] centralities() {
            int n = rows.size();
            double[] rank = new double[n];
            Arrays.fill(rank, 1.0 / n);
            double[] sums = new double[n];
            for (int i = 0; i < n; i++) {
                sums[i] = rows.get(i).values().stream()
                        .mapToDouble(Double::doubleValue)
                        .sum();
            }
            for (int round = 0; round < ROUNDS; round++) {
                double[] next = new double[n];
                Arrays.fill(next, (1 - DAMPING) / n);
                for (int i = 0; i < n; i++) {
                    double share = DAMPING * rank[i] / (sums[i] == 0 ? 1 : sums[i]);
                    for (var each : rows.get(i).entrySet()) {
                        next[each.getKey()] += share * each.getValue();
                    }
                }
                rank = next;
            }
            return rank;
        }
    }
}
