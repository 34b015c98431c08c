package io.memos4j.core.search;

import io.memos4j.core.language.ContentWords;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Scores a bounded number of texts by the words that they share with a query, without an index: BM25 (Robertson,
 * Zaragoza: "The Probabilistic Relevance Framework: BM25 and Beyond", 2009, section 3) with the usual parameters, where
 * a word counts once per text.
 */
final class Bm25Scorer {
    private static final double K1 = 1.2;
    private static final double B = 0.75;

    private Bm25Scorer() {}

    /**
     * The scores of texts, in their order; 0 for one that shares no word.
     *
     * @param query the content words of the query, see {@link ContentWords}
     * @param texts the content words of each text
     */
    static List<Double> score(Set<String> query, List<Set<String>> texts) {
        Map<String, Integer> frequency = new HashMap<>();
        long length = 0;
        for (Set<String> text : texts) {
            length += text.size();
            query.stream().filter(text::contains).forEach(word -> frequency.merge(word, 1, Integer::sum));
        }
        double mean = Math.max(1, (double) length / Math.max(1, texts.size()));
        Map<String, Double> weights = new HashMap<>();
        frequency.forEach((word, count) ->
                weights.put(word, Math.log(1 + (texts.size() - count + 0.5) / (count + 0.5))));
        return texts.stream()
                .map(text -> {
                    double weight = (K1 + 1) / (1 + K1 * (1 - B + B * text.size() / mean));
                    return weight
                            * query.stream()
                                    .filter(text::contains)
                                    .mapToDouble(word -> weights.getOrDefault(word, 0.0))
                                    .sum();
                })
                .toList();
    }
}
