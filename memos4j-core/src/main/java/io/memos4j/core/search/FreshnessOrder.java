package io.memos4j.core.search;

import io.memos4j.api.ItemId;
import io.memos4j.core.language.ChangeDetector;
import io.memos4j.core.language.ContentWords;
import io.memos4j.core.language.RestatementDetector;
import io.memos4j.core.search.QueryAnalysis.Aspect;
import io.memos4j.spi.items.SessionNeighbors;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import java.util.function.ToDoubleBiFunction;

/**
 * Puts the newer of two statements about the same matter before the older one. Plain statements were superseded in the
 * vault already; this is for statements inside longer turns, and for those whose wording differs too much to be
 * superseded for good. So it only reorders the best hits, and links the older to the newer one.
 *
 * <p>Two turns of one speaker are about the same matter if they are the same sentence with another value. Where the
 * query asks for a present state, it also suffices that the newer turn announces a change, is near in meaning, and
 * shares a word with both the older one and the query; or that it is a change without a subject directly after the
 * older one.
 */
final class FreshnessOrder {
    /** The hits to reorder: a reader looks at the first ones, and further down two hits have less in common. */
    private static final int CONSIDERED = 10;

    /** The least cosine of two texts about the same matter. */
    private static final double SAME_MATTER = 0.5;

    /** The least score of the newer hit, as a share of the older one's. */
    private static final double COMPARABLE = 0.3;

    private static final double NEXT_TO = 1e-6;

    private final QueryAnalysis analysis;
    private final Map<ItemId, SessionNeighbors> neighbors;
    private final Function<RankedItem, String> excerpt;
    private final ToDoubleBiFunction<RankedItem, RankedItem> cosine;
    private final Map<ItemId, Set<String>> words = new HashMap<>();
    private final Set<String> asked;

    /**
     * @param excerpt the part of an item that answers
     * @param cosine of the best passages of two items; NaN if one has no vector
     */
    FreshnessOrder(
            String query,
            QueryAnalysis analysis,
            Map<ItemId, SessionNeighbors> neighbors,
            Function<RankedItem, String> excerpt,
            ToDoubleBiFunction<RankedItem, RankedItem> cosine) {
        this.analysis = analysis;
        this.neighbors = neighbors;
        this.excerpt = excerpt;
        this.cosine = cosine;
        this.asked = contentWords(query);
    }

    /** The ranking with newer values before older ones. */
    List<RankedItem> order(List<RankedItem> ranked) {
        boolean aboutThePast =
                analysis.asks(Aspect.HISTORY) || !analysis.times().isEmpty();
        if (aboutThePast || analysis.asks(Aspect.OVERVIEW) || ranked.size() < 2) {
            return ranked;
        }
        List<RankedItem> considered = consideredItems(ranked);
        considered.sort(
                Comparator.comparing((RankedItem found) -> found.item().times().occurredAt())
                        .thenComparing(RankedItem::id));
        Map<ItemId, RankedItem> settled = new HashMap<>();
        for (int i = 0; i < considered.size(); i++) {
            RankedItem newer = considered.get(i);
            double score = newer.score();
            for (RankedItem older : considered.subList(0, i)) {
                if (replaces(newer, older)) {
                    RankedItem former = settled.getOrDefault(older.id(), older);
                    settled.put(older.id(), former.succeededBy(newer.id()));
                    score = Math.max(score, former.score() + NEXT_TO);
                }
            }
            RankedItem last = score > newer.score()
                    ? newer.withScore(score).withReason("newer than another hit about the same matter")
                    : newer;
            settled.put(newer.id(), last);
        }
        return ranked.stream()
                .map(found -> settled.getOrDefault(found.id(), found))
                .sorted(RankedItem.BEST_FIRST)
                .toList();
    }

    /** The best hits, and the elliptic changes directly after them. */
    private List<RankedItem> consideredItems(List<RankedItem> ranked) {
        List<RankedItem> considered = new ArrayList<>(ranked.subList(0, Math.min(CONSIDERED, ranked.size())));
        Set<ItemId> following = new HashSet<>();
        considered.forEach(found -> neighbors
                .getOrDefault(found.id(), SessionNeighbors.NONE)
                .after()
                .ifPresent(following::add));
        ranked.stream()
                .skip(CONSIDERED)
                .filter(found -> following.contains(found.id())
                        && ChangeDetector.isElliptic(found.item().text()))
                .forEach(considered::add);
        return considered;
    }

    private boolean replaces(RankedItem newer, RankedItem older) {
        if (!NeighborBoost.isPerson(newer.item())
                || !NeighborBoost.isPerson(older.item())
                || !newer.item().origin().speaker().equals(older.item().origin().speaker())) {
            return false;
        }
        return RestatementDetector.differInOneValue(
                        older.item().text(), newer.item().text())
                || analysis.asksForState() && (isEllipticChange(newer, older) || isAnnouncedChange(newer, older));
    }

    private boolean isEllipticChange(RankedItem newer, RankedItem older) {
        return ChangeDetector.isElliptic(newer.item().text())
                && neighbors
                        .getOrDefault(older.id(), SessionNeighbors.NONE)
                        .after()
                        .filter(newer.id()::equals)
                        .isPresent();
    }

    private boolean isAnnouncedChange(RankedItem newer, RankedItem older) {
        if (newer.score() < COMPARABLE * older.score() || !ChangeDetector.announcesChange(excerpt.apply(newer))) {
            return false;
        }
        long shared = words(newer).stream()
                .filter(word -> asked.contains(word) && words(older).contains(word))
                .count();
        double likeness = cosine.applyAsDouble(newer, older);
        return Double.isNaN(likeness) ? shared >= 2 : shared >= 1 && likeness >= SAME_MATTER;
    }

    private Set<String> words(RankedItem found) {
        return words.computeIfAbsent(found.id(), id -> contentWords(excerpt.apply(found)));
    }

    /** The content words of a text, without numbers and those that announce changes. */
    private static Set<String> contentWords(String text) {
        Set<String> words = new HashSet<>(ContentWords.of(text));
        words.removeAll(ChangeDetector.CHANGE_WORDS);
        words.removeIf(word -> Character.isDigit(word.charAt(0)));
        return words;
    }
}
