package io.memos4j.core.search;

import io.memos4j.api.items.ItemType;
import io.memos4j.core.language.ConditionDetector;
import io.memos4j.core.language.StandingMemory;
import io.memos4j.core.search.QueryAnalysis.Aspect;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;

/**
 * Selects the memories that every search considers although the query does not resemble them: standing instructions,
 * preferences, the profile.
 *
 * <p>An instruction without a condition always applies. One with a condition ("… when I ask about prices") applies if
 * the query is near enough to it. Preferences apply where the query asks for advice, the profile where the asker speaks
 * of themselves. Of many memories of one kind, only those apply that are nearly as similar to the query as the best
 * match.
 */
final class StandingMemories {
    /** The passages that are considered; a message with a preference may have several. */
    static final int CANDIDATES = 64;

    /** The place of the first one among the hits, behind the best matches. */
    private static final int FIRST_PLACE = 3;

    /** The places from one to the next. */
    private static final int DISTANCE = 2;

    /**
     * The least similarity to the query at which a condition counts as met; an unrelated text has 0, the best match 1.
     * It is generous, since a superfluous line costs less than a missing instruction.
     */
    private static final double MET = -0.5;

    /** The same, where there are more than {@link #FEW} of a kind. */
    private static final double MET_AMONG_MANY = 0.8;

    private static final int FEW = 8;

    /** The statements that are considered, nearest first. */
    static final int STATEMENTS = 32;

    private static final int INSTRUCTIONS = 2;
    private static final int PREFERENCES = 3;
    private static final int PROFILE = 2;

    private StandingMemories() {}

    /** A standing memory with its similarity to the query. */
    record LikelyMemory(RankedItem found, StandingMemory stated, double likeness) {}

    /** The memories that apply, most important first; {@code near} is ordered by similarity. */
    static List<RankedItem> selectApplicable(List<LikelyMemory> near, QueryAnalysis analysis) {
        List<RankedItem> applicable = new ArrayList<>();
        applicable.addAll(firstOfType(INSTRUCTIONS, near, ItemType.INSTRUCTION));
        if (analysis.asks(Aspect.FIRST_PERSON) || analysis.asks(Aspect.ADVICE)) {
            applicable.addAll(firstOfType(PROFILE, near, ItemType.PROFILE));
        }
        if (analysis.asks(Aspect.ADVICE)) {
            applicable.addAll(firstOfType(PREFERENCES, near, ItemType.PREFERENCE));
        }
        return applicable;
    }

    private static List<RankedItem> firstOfType(int count, List<LikelyMemory> near, ItemType type) {
        List<LikelyMemory> ofType =
                near.stream().filter(likely -> likely.stated.type() == type).toList();
        boolean many = ofType.size() > FEW;
        return ofType.stream()
                .filter(likely -> likely.likeness >= (many ? MET_AMONG_MANY : MET) || !many && isUnconditional(likely))
                .limit(count)
                .map(likely -> likely.found.stating(likely.stated))
                .toList();
    }

    private static boolean isUnconditional(LikelyMemory likely) {
        return likely.stated.type() == ItemType.INSTRUCTION && !ConditionDetector.isConditional(likely.stated.text());
    }

    /** Inserts standing memories among the first {@code limit} hits, none further down than it is already. */
    static List<RankedItem> insertInto(List<RankedItem> ranked, List<RankedItem> standing, int limit) {
        List<RankedItem> result = new ArrayList<>(ranked);
        int place = Math.min(FIRST_PLACE, limit - 1);
        for (RankedItem each : standing) {
            int at = IntStream.range(0, result.size())
                    .filter(i -> result.get(i).represents(each.id()))
                    .findFirst()
                    .orElse(result.size());
            RankedItem hit = at < result.size() ? result.remove(at) : each;
            RankedItem placed = at < limit && hit != each ? consider(hit, each) : each;
            int to = Math.min(at, place);
            if (to >= limit) {
                result.add(Math.min(at, result.size()), hit);
                continue;
            }
            double score = to == 0
                    ? placed.score()
                    : Math.max(placed.score(), result.get(to - 1).score() - 1e-6);
            String reason = "always considered: " + typeOf(each).id();
            result.add(to, placed.withScore(score).withReason(reason));
            place += to == place ? DISTANCE : 0;
        }
        return result;
    }

    /** Considers a hit for its standing statement; a hit that says more than that stays whole. */
    private static RankedItem consider(RankedItem hit, RankedItem standing) {
        return standing.stated()
                .filter(statement -> hit.stated().isPresent() || statement.isWholeItem())
                .map(hit::stating)
                .orElse(hit);
    }

    /** The type for which an item is considered. */
    static ItemType typeOf(RankedItem found) {
        return found.stated().map(StandingMemory::type).orElseGet(() -> StandingMemory.ownType(found.item()));
    }
}
