package io.memos4j.core.search;

import io.memos4j.core.language.Identifier;
import java.util.ArrayList;
import java.util.List;
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
        List<Predicate<String>> namesOne =
                asked.stream().map(Identifier::matcher).toList();
        List<RankedItem> ordered = new ArrayList<>(ranked);
        for (int i = 0; i < asked.size(); i++) {
            lift(asked.get(i), namesOne.get(i), namesOne, ordered);
        }
        return List.copyOf(ordered);
    }

    /** Raises what names an identifier just above the best hit that names a similar one, and none of the query's. */
    private static void lift(
            Identifier asked, Predicate<String> names, List<Predicate<String>> namesOne, List<RankedItem> ranked) {
        List<RankedItem> exact =
                ranked.stream().filter(found -> names.test(text(found))).toList();
        if (exact.isEmpty()) {
            return;
        }
        double best = ranked.stream()
                .filter(found -> namesOne.stream().noneMatch(each -> each.test(text(found)))
                        && asked.resemblesOneIn(text(found)))
                .mapToDouble(RankedItem::score)
                .max()
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
