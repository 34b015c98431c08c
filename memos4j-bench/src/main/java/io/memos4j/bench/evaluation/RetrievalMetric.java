package io.memos4j.bench.evaluation;

import io.memos4j.bench.evaluation.LabeledDataset.Kind;
import io.memos4j.bench.evaluation.LabeledDataset.Labels;
import io.memos4j.bench.evaluation.RunFile.Item;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.OptionalDouble;
import java.util.Set;
import java.util.function.BiFunction;
import java.util.stream.IntStream;

/** The metrics of docs/evaluation.md, each for one question; empty if the question has no label for it. */
enum RetrievalMetric {
    RECALL_5("R@5", (labels, items) -> recall(labels, units(items, 5))),
    RECALL_10("R@10", (labels, items) -> recall(labels, units(items, 10))),
    RECALL_20("R@20", (labels, items) -> recall(labels, units(items, 20))),
    ALL_20("all@20", RetrievalMetric::complete),
    MRR("MRR", RetrievalMetric::reciprocalRank),
    NDCG_10("nDCG@10", (labels, items) -> ndcg(labels.evidence(), items)),
    TOKENS_256("R@256t", (labels, items) -> recall(labels, within(items, 256))),
    TOKENS_512("R@512t", (labels, items) -> recall(labels, within(items, 512))),
    TOKENS_1024("R@1024t", (labels, items) -> recall(labels, within(items, 1024))),
    TOKENS_2048("R@2048t", (labels, items) -> recall(labels, within(items, 2048))),
    STALE_ABOVE("stale", RetrievalMetric::staleAboveFresh),
    FORBIDDEN_5("forbidden", RetrievalMetric::forbidden),
    KEEP_1("keep R@1", RetrievalMetric::keptFirst),
    LOST("lost", RetrievalMetric::lost),
    MARKED("marked", RetrievalMetric::marked),
    HARM("HARM", RetrievalMetric::harm),
    STALE_FIRST("stale 1st", RetrievalMetric::staleFirst),
    MISS("MISS", RetrievalMetric::miss);

    /** Scores the items returned for one question. */
    private interface Score extends BiFunction<Labels, List<Item>, OptionalDouble> {}

    private final String title;
    private final Score score;

    RetrievalMetric(String title, Score score) {
        this.title = title;
        this.score = score;
    }

    String title() {
        return title;
    }

    OptionalDouble of(Labels labels, List<Item> items) {
        return score.apply(labels, items);
    }

    private static OptionalDouble complete(Labels labels, List<Item> items) {
        return labels.evidence().isEmpty()
                ? OptionalDouble.empty()
                : share(units(items, 20).containsAll(labels.evidence()));
    }

    private static OptionalDouble reciprocalRank(Labels labels, List<Item> items) {
        if (labels.evidence().isEmpty()) {
            return OptionalDouble.empty();
        }
        int rank = rank(items, labels.evidence());
        return OptionalDouble.of(rank == 0 ? 0 : 1.0 / rank);
    }

    private static OptionalDouble staleAboveFresh(Labels labels, List<Item> items) {
        if (labels.stale().isEmpty() || labels.fresh().isEmpty()) {
            return OptionalDouble.empty();
        }
        int stale = rank(items, labels.stale());
        int fresh = rank(items, labels.fresh());
        return share(stale > 0 && (fresh == 0 || stale < fresh));
    }

    private static OptionalDouble forbidden(Labels labels, List<Item> items) {
        if (labels.forbidden().isEmpty() && labels.forbiddenText().isEmpty()) {
            return OptionalDouble.empty();
        }
        List<Item> top = items.subList(0, Math.min(5, items.size()));
        boolean unit = top.stream().flatMap(item -> item.units().stream()).anyMatch(labels.forbidden()::contains);
        boolean text = top.stream()
                .map(item -> item.text().toLowerCase(Locale.ROOT))
                .anyMatch(shown -> labels.forbiddenText().stream()
                        .anyMatch(each -> shown.contains(each.toLowerCase(Locale.ROOT))));
        return share(unit || text);
    }

    private static OptionalDouble keptFirst(Labels labels, List<Item> items) {
        return when(Kind.KEEP, labels, rank(items, labels.evidence()) == 1);
    }

    private static OptionalDouble lost(Labels labels, List<Item> items) {
        return when(Kind.KEEP, labels, !units(items, 20).containsAll(labels.evidence()));
    }

    /** The share of the units that hold at the time of the question whose best item is presented as out of date. */
    private static OptionalDouble marked(Labels labels, List<Item> items) {
        if (labels.kind() != Kind.KEEP
                || labels.unmarked().isEmpty()
                || items.stream().anyMatch(item -> item.superseded().isEmpty())) {
            return OptionalDouble.empty();
        }
        return OptionalDouble.of(
                (double) countMarked(labels, items) / labels.unmarked().size());
    }

    private static long countMarked(Labels labels, List<Item> items) {
        return labels.unmarked().stream()
                .map(unit -> rank(items, Set.of(unit)))
                .filter(rank -> rank > 0 && items.get(rank - 1).superseded().orElse(false))
                .count();
    }

    private static OptionalDouble harm(Labels labels, List<Item> items) {
        return when(
                Kind.KEEP, labels, !units(items, 5).containsAll(labels.evidence()) || countMarked(labels, items) > 0);
    }

    private static OptionalDouble staleFirst(Labels labels, List<Item> items) {
        if (labels.stale().isEmpty() || labels.fresh().isEmpty()) {
            return OptionalDouble.empty();
        }
        int stale = rank(items, labels.stale());
        int fresh = rank(items, labels.fresh());
        return when(Kind.CHANGE, labels, fresh == 0 || fresh > 20 || stale > 0 && stale < fresh);
    }

    private static OptionalDouble miss(Labels labels, List<Item> items) {
        return when(
                Kind.CHANGE,
                labels,
                staleFirst(labels, items).orElse(0) > 0
                        || forbidden(labels, items).orElse(0) > 0);
    }

    private static OptionalDouble when(Kind kind, Labels labels, boolean holds) {
        return labels.kind() == kind ? share(holds) : OptionalDouble.empty();
    }

    private static OptionalDouble share(boolean holds) {
        return OptionalDouble.of(holds ? 1 : 0);
    }

    private static OptionalDouble recall(Labels labels, Set<String> found) {
        if (labels.evidence().isEmpty()) {
            return OptionalDouble.empty();
        }
        long hits = labels.evidence().stream().filter(found::contains).count();
        return OptionalDouble.of((double) hits / labels.evidence().size());
    }

    private static Set<String> units(List<Item> items, int k) {
        Set<String> units = new HashSet<>();
        items.subList(0, Math.min(k, items.size())).forEach(item -> units.addAll(item.units()));
        return units;
    }

    /** Returns the units of the first items that fit a token budget. */
    private static Set<String> within(List<Item> items, int budget) {
        Set<String> units = new HashSet<>();
        int spent = 0;
        for (Item item : items) {
            spent += item.tokens();
            if (spent > budget) {
                break;
            }
            units.addAll(item.units());
        }
        return units;
    }

    /** Returns the rank, from 1, of the first item that represents one of the units; 0 if none does. */
    private static int rank(List<Item> items, Set<String> wanted) {
        return IntStream.range(0, items.size())
                        .filter(i -> items.get(i).units().stream().anyMatch(wanted::contains))
                        .findFirst()
                        .orElse(-1)
                + 1;
    }

    /** Computes nDCG with binary gains; an item gains once for the units that no better item had. */
    private static OptionalDouble ndcg(Set<String> evidence, List<Item> items) {
        if (evidence.isEmpty()) {
            return OptionalDouble.empty();
        }
        Set<String> open = new HashSet<>(evidence);
        double gained = 0;
        for (int i = 0; i < Math.min(10, items.size()); i++) {
            if (open.removeAll(new HashSet<>(items.get(i).units()))) {
                gained += discount(i);
            }
        }
        double ideal = IntStream.range(0, Math.min(10, evidence.size()))
                .mapToDouble(RetrievalMetric::discount)
                .sum();
        return OptionalDouble.of(gained / ideal);
    }

    private static double discount(int position) {
        return Math.log(2) / Math.log(position + 2.0);
    }
}
