package io.memos4j.core.search;

import io.memos4j.api.items.ItemType;
import io.memos4j.api.items.MemoryItem;
import io.memos4j.api.items.Role;
import io.memos4j.core.language.ContentWords;
import io.memos4j.core.language.LanguageRules;
import io.memos4j.core.language.PatternSet;
import io.memos4j.core.language.QuestionDetector;
import io.memos4j.core.language.TopicWords;
import io.memos4j.core.search.QueryAnalysis.Aspect;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * Puts what people said before what an assistant said about them. An assistant's turn that only repeats what a user
 * said before lends that source its place. What an assistant claims about the user ("you live in …") stands behind the
 * user's own best statement on the matter. Other turns of assistants (recipes, plans, code) stay where they are.
 */
final class EvidenceOrder {
    /** The hits to reorder. */
    private static final int CONSIDERED = 20;

    /** Longer turns of an assistant tell more than they repeat. */
    private static final int LONGEST_CLAIM = 300;

    /** The least share of an assistant's words that are the source's or the query's, if it only repeats them. */
    private static final double REPEATED = 0.8;

    /** The factor for claims about the user that no statement of the user supports. */
    private static final double UNSUPPORTED = 0.6;

    /** The least share of a claim's score at which the user's statement takes its place. */
    private static final double COMPARABLE = 0.25;

    private static final double NEXT_TO = 1e-6;

    private final QueryAnalysis analysis;
    private final Set<String> queryWords;
    private final Set<String> matter;

    /** @param matter the topic words that the query asks for */
    EvidenceOrder(SearchContext search, Set<String> matter) {
        this.analysis = search.analysis();
        this.queryWords = ContentWords.of(search.request().query());
        this.matter = matter;
    }

    /** The ranking with users' statements before what assistants made of them; best first. */
    List<RankedItem> order(List<RankedItem> ranked) {
        if (analysis.asks(Aspect.ASSISTANT) || analysis.asks(Aspect.QUESTIONS)) {
            return ranked;
        }
        List<RankedItem> ordered = new ArrayList<>(ranked);
        for (int i = 0; i < Math.min(CONSIDERED, ranked.size()); i++) {
            RankedItem claim = ordered.get(i);
            if (mayBeClaim(claim.item())) {
                lower(ordered, i);
            }
        }
        ordered.sort(RankedItem.BEST_FIRST);
        return ordered;
    }

    private static boolean mayBeClaim(MemoryItem item) {
        return item.type() == ItemType.MESSAGE
                && item.origin().role() == Role.ASSISTANT
                && item.text().length() <= LONGEST_CLAIM
                && !QuestionDetector.asks(item.text());
    }

    private void lower(List<RankedItem> ordered, int at) {
        RankedItem claim = ordered.get(at);
        Optional<RankedItem> source = ordered.stream()
                .limit(CONSIDERED)
                .filter(found -> isStatement(found.item()) && repeats(claim.item(), found.item()))
                .max(RankedItem.BEST_FIRST.reversed());
        if (source.isPresent()) {
            RankedItem lifted = source.get();
            double score = Math.max(lifted.score(), claim.score());
            ordered.set(ordered.indexOf(lifted), lifted.withScore(score).withReason("repeated by the assistant"));
            ordered.set(at, claim.withScore(score - NEXT_TO).withReason("repeats another hit"));
        } else if (analysis.asks(Aspect.FIRST_PERSON)
                && LanguageRules.matches(
                        PatternSet.CLAIM_ABOUT_LISTENER, claim.item().text())) {
            double own = ordered.stream()
                    .limit(CONSIDERED)
                    .filter(found -> isStatement(found.item()) && isOnTheMatter(found.item()))
                    .mapToDouble(RankedItem::score)
                    .max()
                    .orElse(0);
            double below = own >= COMPARABLE * claim.score() ? own - NEXT_TO : Double.MAX_VALUE;
            ordered.set(
                    at,
                    claim.withScore(Math.min(UNSUPPORTED * claim.score(), below))
                            .withReason("an assistant's words about the user"));
        }
    }

    private static boolean isStatement(MemoryItem item) {
        return item.origin().role() != Role.ASSISTANT
                && item.origin().role() != Role.SYSTEM
                && !QuestionDetector.asks(item.text());
    }

    private boolean isOnTheMatter(MemoryItem item) {
        return TopicWords.of(item.text()).stream().anyMatch(matter::contains);
    }

    /** Returns whether an assistant's words are those of an earlier statement, or of the query. */
    private boolean repeats(MemoryItem claim, MemoryItem statement) {
        if (!statement.times().occurredAt().isBefore(claim.times().occurredAt())) {
            return false;
        }
        Set<String> said = ContentWords.of(claim.text());
        Set<String> known = ContentWords.of(statement.text());
        Set<String> common = new HashSet<>(said);
        common.retainAll(known);
        common.removeAll(queryWords);
        Set<String> either = new HashSet<>(known);
        either.addAll(queryWords);
        return !common.isEmpty() && ContentWords.coverage(said, either) >= REPEATED;
    }
}
