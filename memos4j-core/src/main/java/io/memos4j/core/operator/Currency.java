package io.memos4j.core.operator;

import io.memos4j.api.ItemId;
import io.memos4j.core.language.Change;
import io.memos4j.core.language.Restatement;
import io.memos4j.core.language.Words;
import io.memos4j.core.operator.QueryAnalysis.Aspect;
import io.memos4j.spi.Neighbours;
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
 * Puts the newer of two statements about the same matter before the older. What the vault has settled does not come here; this is for
 * statements inside longer turns, and for those whose wording differs too much to be settled for good. So it only changes the order of the
 * best hits, and says of the older one what came after it.
 *
 * <p>Two turns of one speaker are about the same matter if they are one sentence with another value; or, where the query asks for a present
 * state, if the newer announces a change, is near in meaning, and shares a word with both the older and the query; or if it is a change
 * without a subject directly after the older.
 */
final class Currency {
    /** Only the order of the first hits matters to a reader, and the further down, the less alike are two hits. */
    private static final int CONSIDERED = 10;

    /** The cosine from which two texts may be about the same matter. */
    private static final double SAME_MATTER = 0.5;

    /** What the newer must score, as a share of the older. */
    private static final double COMPARABLE = 0.3;

    private static final double NEXT_TO = 1e-6;

    private final QueryAnalysis analysis;
    private final Map<ItemId, Neighbours> neighbours;
    private final Function<Found, String> excerpt;
    private final ToDoubleBiFunction<Found, Found> cosine;
    private final Map<ItemId, Set<String>> words = new HashMap<>();
    private final Set<String> asked;

    /**
     * @param excerpt the part of an item that answers
     * @param cosine of the best passages of two items; NaN if one has no vector
     */
    Currency(
            String query,
            QueryAnalysis analysis,
            Map<ItemId, Neighbours> neighbours,
            Function<Found, String> excerpt,
            ToDoubleBiFunction<Found, Found> cosine) {
        this.analysis = analysis;
        this.neighbours = neighbours;
        this.excerpt = excerpt;
        this.cosine = cosine;
        this.asked = content(query);
    }

    /** The ranking with newer values before older ones. */
    List<Found> settle(List<Found> ranked) {
        boolean aboutThePast =
                analysis.asks(Aspect.HISTORY) || !analysis.times().isEmpty();
        if (aboutThePast || analysis.asks(Aspect.OVERVIEW) || ranked.size() < 2) {
            return ranked;
        }
        List<Found> considered = considered(ranked);
        considered.sort(
                Comparator.comparing((Found found) -> found.item().times().occurredAt())
                        .thenComparing(Found::id));
        Map<ItemId, Found> settled = new HashMap<>();
        for (int i = 0; i < considered.size(); i++) {
            Found newer = considered.get(i);
            double score = newer.score();
            for (Found older : considered.subList(0, i)) {
                if (replaces(newer, older)) {
                    Found former = settled.getOrDefault(older.id(), older);
                    settled.put(older.id(), former.succeededBy(newer.id()));
                    score = Math.max(score, former.score() + NEXT_TO);
                }
            }
            Found last = score > newer.score()
                    ? newer.scored(score).because("newer than another hit about the same")
                    : newer;
            settled.put(newer.id(), last);
        }
        return ranked.stream()
                .map(found -> settled.getOrDefault(found.id(), found))
                .sorted(Found.BEST_FIRST)
                .toList();
    }

    /** The best, and the elliptic changes directly after them. */
    private List<Found> considered(List<Found> ranked) {
        List<Found> considered = new ArrayList<>(ranked.subList(0, Math.min(CONSIDERED, ranked.size())));
        Set<ItemId> following = new HashSet<>();
        considered.forEach(found ->
                neighbours.getOrDefault(found.id(), Neighbours.NONE).after().ifPresent(following::add));
        ranked.stream()
                .skip(CONSIDERED)
                .filter(found -> following.contains(found.id())
                        && Change.isElliptic(found.item().text()))
                .forEach(considered::add);
        return considered;
    }

    private boolean replaces(Found newer, Found older) {
        if (!Conversation.isPerson(newer.item())
                || !Conversation.isPerson(older.item())
                || !newer.item().origin().speaker().equals(older.item().origin().speaker())) {
            return false;
        }
        return Restatement.differInOneValue(older.item().text(), newer.item().text())
                || analysis.asksForState() && (continues(newer, older) || changes(newer, older));
    }

    private boolean continues(Found newer, Found older) {
        return Change.isElliptic(newer.item().text())
                && neighbours
                        .getOrDefault(older.id(), Neighbours.NONE)
                        .after()
                        .filter(newer.id()::equals)
                        .isPresent();
    }

    private boolean changes(Found newer, Found older) {
        if (newer.score() < COMPARABLE * older.score() || !Change.isAnnouncedIn(excerpt.apply(newer))) {
            return false;
        }
        long shared = words(newer).stream()
                .filter(word -> asked.contains(word) && words(older).contains(word))
                .count();
        double likeness = cosine.applyAsDouble(newer, older);
        return Double.isNaN(likeness) ? shared >= 2 : shared >= 1 && likeness >= SAME_MATTER;
    }

    private Set<String> words(Found found) {
        return words.computeIfAbsent(found.id(), id -> content(excerpt.apply(found)));
    }

    /** The words of a text without those that announce changes. */
    private static Set<String> content(String text) {
        Set<String> words = new HashSet<>(Words.of(text));
        words.removeAll(Change.WORDS);
        words.removeIf(word -> Character.isDigit(word.charAt(0)));
        return words;
    }
}
