package io.memos4j.bench.evaluation;

import io.memos4j.bench.evaluation.LabeledDataset.Kind;
import io.memos4j.bench.evaluation.LabeledDataset.Labels;
import io.memos4j.bench.evaluation.RunFile.Item;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.assertj.core.data.Offset;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

class RetrievalMetricTest {
    private static final Offset<Double> EXACT = Offset.offset(1e-9);

    private static Labels evidence(String... units) {
        return labels(Kind.NONE, Set.of(units), Set.of(), Set.of(), Set.of());
    }

    private static Item item(int tokens, String... units) {
        return new Item(List.of(units), tokens, "text of " + String.join(",", units), Optional.of(false));
    }

    private static Item marked(String unit) {
        return new Item(List.of(unit), 1, "text of " + unit, Optional.of(true));
    }

    private static Labels labels(
            Kind kind, Set<String> evidence, Set<String> stale, Set<String> fresh, Set<String> forbidden) {
        return new Labels(kind, evidence, stale, fresh, forbidden, List.of(), kind == Kind.KEEP ? evidence : Set.of());
    }

    private static double score(RetrievalMetric metric, Labels labels, Item... items) {
        return metric.of(labels, List.of(items)).orElseThrow();
    }

    @Test
    void recallIsTheShareOfTheEvidenceAmongTheFirst() {
        List<Item> items = Stream.concat(
                        IntStream.range(0, 5).mapToObj(i -> item(1, "noise" + i)),
                        Stream.of(item(1, "a", "b"), item(1, "c")))
                .toList();
        Labels labels = evidence("a", "b", "c", "d");
        assertThat(RetrievalMetric.RECALL_5.of(labels, items)).hasValue(0.0);
        assertThat(RetrievalMetric.RECALL_10.of(labels, items)).hasValue(0.75);
        assertThat(RetrievalMetric.ALL_20.of(labels, items)).hasValue(0.0);
        assertThat(RetrievalMetric.ALL_20.of(evidence("a", "c"), items)).hasValue(1.0);
    }

    @Test
    void aQuestionWithoutEvidenceHasNoRecall() {
        for (RetrievalMetric metric : RetrievalMetric.values()) {
            assertThat(metric.of(evidence(), List.of(item(1, "a"))))
                    .as("%s", metric)
                    .isEmpty();
        }
    }

    @Test
    void theTokenBudgetEndsWithTheFirstItemThatDoesNotFit() {
        Labels labels = evidence("a", "b", "c");
        assertThat(score(RetrievalMetric.TOKENS_256, labels, item(200, "a"), item(57, "b"), item(10, "c")))
                .isCloseTo(1 / 3.0, EXACT);
        assertThat(score(RetrievalMetric.TOKENS_256, labels, item(200, "a"), item(56, "b"), item(10, "c")))
                .isCloseTo(2 / 3.0, EXACT);
    }

    @Test
    void reciprocalRankAndGainAreDiscountedByPosition() {
        assertThat(score(RetrievalMetric.MRR, evidence("a"), item(1, "x"), item(1, "y"), item(1, "a")))
                .isCloseTo(1 / 3.0, EXACT);
        assertThat(score(RetrievalMetric.MRR, evidence("a"), item(1, "x"))).isZero();
        assertThat(score(RetrievalMetric.NDCG_10, evidence("a", "b"), item(1, "a"), item(1, "b")))
                .isCloseTo(1, EXACT);
        double log3 = Math.log(2) / Math.log(3);
        assertThat(score(RetrievalMetric.NDCG_10, evidence("a", "b"), item(1, "x"), item(1, "b")))
                .isCloseTo(log3 / (1 + log3), EXACT);
        assertThat(score(RetrievalMetric.NDCG_10, evidence("a"), item(1, "a"), item(1, "a")))
                .as("a unit gains once")
                .isCloseTo(1, EXACT);
    }

    @Test
    void aStaleUnitAboveTheFreshOneCounts() {
        Labels labels = labels(Kind.NONE, Set.of(), Set.of("old"), Set.of("new"), Set.of());
        assertThat(score(RetrievalMetric.STALE_ABOVE, labels, item(1, "old"), item(1, "new")))
                .isEqualTo(1);
        assertThat(score(RetrievalMetric.STALE_ABOVE, labels, item(1, "new"), item(1, "old")))
                .isZero();
        assertThat(score(RetrievalMetric.STALE_ABOVE, labels, item(1, "old")))
                .as("the fresh one is missing")
                .isEqualTo(1);
        assertThat(score(RetrievalMetric.STALE_ABOVE, labels, item(1, "other"))).isZero();
    }

    @Test
    void aForbiddenUnitOrTextInTheTopFiveCounts() {
        Labels labels =
                new Labels(Kind.NONE, Set.of(), Set.of(), Set.of(), Set.of("no"), List.of("TEXT OF SECRET"), Set.of());
        assertThat(score(RetrievalMetric.FORBIDDEN_5, labels, item(1, "no"))).isEqualTo(1);
        assertThat(score(RetrievalMetric.FORBIDDEN_5, labels, item(1, "secret")))
                .isEqualTo(1);
        assertThat(score(
                        RetrievalMetric.FORBIDDEN_5,
                        labels,
                        item(1, "a"),
                        item(1, "b"),
                        item(1, "c"),
                        item(1, "d"),
                        item(1, "e"),
                        item(1, "no")))
                .isZero();
    }

    @Test
    void harmIsATrueFactThatIsLostOrFarDownOrMarked() {
        Labels labels = labels(Kind.KEEP, Set.of("true"), Set.of(), Set.of(), Set.of());
        Item[] second = {item(1, "other"), item(1, "true")};
        Item[] sixth = {
            item(1, "a"), item(1, "b"), item(1, "c"), item(1, "d"), item(1, "e"), item(1, "true"),
        };

        assertThat(score(RetrievalMetric.HARM, labels, second)).isZero();
        assertThat(score(RetrievalMetric.KEEP_1, labels, second)).isZero();
        assertThat(score(RetrievalMetric.KEEP_1, labels, item(1, "true"))).isOne();
        assertThat(score(RetrievalMetric.HARM, labels, sixth)).isOne();
        assertThat(score(RetrievalMetric.LOST, labels, sixth)).isZero();
        assertThat(score(RetrievalMetric.LOST, labels, item(1, "other"))).isOne();
        assertThat(score(RetrievalMetric.HARM, labels, marked("true"))).isOne();
        assertThat(score(RetrievalMetric.MARKED, labels, marked("true"))).isOne();
        assertThat(score(RetrievalMetric.MARKED, labels, item(1, "true"), marked("other")))
                .isZero();
        assertThat(RetrievalMetric.MISS.of(labels, List.of(marked("true")))).isEmpty();
    }

    @Test
    void aChangeIsMissedIfTheStaleValueIsFirstOrTheFreshOneIsNotThere() {
        Labels labels = labels(Kind.CHANGE, Set.of("new"), Set.of("old"), Set.of("new"), Set.of());

        assertThat(score(RetrievalMetric.MISS, labels, item(1, "new"), item(1, "old")))
                .isZero();
        assertThat(score(RetrievalMetric.MISS, labels, item(1, "old"), item(1, "new")))
                .isOne();
        assertThat(score(RetrievalMetric.STALE_FIRST, labels, item(1, "other"))).isOne();
        assertThat(RetrievalMetric.HARM.of(labels, List.of(item(1, "new")))).isEmpty();
    }

    @Test
    void whatWasToBeForgottenIsMissedWhenItIsShown() {
        Labels labels = labels(Kind.CHANGE, Set.of(), Set.of(), Set.of(), Set.of("secret"));

        assertThat(score(RetrievalMetric.MISS, labels, item(1, "secret"))).isOne();
        assertThat(score(RetrievalMetric.MISS, labels, item(1, "other"))).isZero();
    }
}
