package io.memos4j.core.search;

import io.memos4j.api.ItemId;
import io.memos4j.core.language.Identifier;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Predicate;

/**
 * Puts hits that contain exactly an identifier of the query above those with one that looks like it: words and vectors
 * hardly tell SR-2023-045 from SR-2023-066, or C++ from C#. Leaves all other hits, and queries without identifiers, as
 * they are.
 */
final class IdentifierOrder {
    /** More identifiers make a query a text rather than a question. */
    private static final int MOST = 8;

    /** Longer queries are texts too. */
    private static final int LONGEST_QUERY = 2_000;

    private static final double NEXT_TO = 1e-6;

    private IdentifierOrder() {}

    static List<RankedItem> order(String query, List<RankedItem> ranked) {
        List<Identifier> asked = query.length() > LONGEST_QUERY ? List.of() : Identifier.find(query);
        if (asked.isEmpty() || asked.size() > MOST) {
            return ranked;
        }
        Map<ItemId, Set<Identifier>> named = new HashMap<>();
        for (Identifier identifier : asked) {
            Predicate<String> names = identifier.matcher();
            ranked.stream()
                    .filter(found -> names.test(text(found)))
                    .forEach(found -> named.computeIfAbsent(found.id(), id -> new HashSet<>())
                            .add(identifier));
        }
        List<RankedItem> ordered = new ArrayList<>(ranked);
        asked.forEach(identifier -> lift(identifier, named, ordered));
        return List.copyOf(ordered);
    }

    /** Raises what names an identifier just above the best hit that names a similar one, and none of the query's. */
    private static void lift(Identifier asked, Map<ItemId, Set<Identifier>> named, List<RankedItem> ranked) {
        List<RankedItem> exact = ranked.stream()
                .filter(found -> named.getOrDefault(found.id(), Set.of()).contains(asked))
                .toList();
        if (exact.isEmpty()) {
            return;
        }
        double lowest = exact.getLast().score();
        double best = ranked.stream()
                .takeWhile(found -> found.score() >= lowest)
                .filter(found -> !named.containsKey(found.id()) && asked.resemblesOneIn(text(found)))
                .mapToDouble(RankedItem::score)
                .findFirst()
                .orElse(0);
        for (int i = 0; i < exact.size(); i++) {
            RankedItem found = exact.get(i).withReason("names " + asked.text());
            double above = best + (exact.size() - i) * NEXT_TO;
            ranked.set(ranked.indexOf(exact.get(i)), found.score() < above ? found.withScore(above) : found);
        }
        ranked.sort(RankedItem.BEST_FIRST);
    }

    private static String text(RankedItem found) {
        return found.item().title() + "\n" + found.item().text();
    }
}
