package io.memos4j.core.search;

import io.memos4j.api.items.MemoryItem;
import io.memos4j.api.items.Role;
import io.memos4j.core.language.Reliability;
import io.memos4j.core.language.time.TimeExpression;
import io.memos4j.core.language.time.TimeExpressionFinder;
import io.memos4j.core.search.QueryAnalysis.Aspect;
import java.time.LocalDate;
import java.time.ZoneId;
import java.time.temporal.ChronoUnit;

/**
 * Weighs an item by what the query asks for beyond its words: who speaks, when it was said, whether it tells a time,
 * whether it vouches for itself. Each rule is one factor with a name.
 */
final class RelevanceWeigher {
    /** What users said counts for more where the asker asks about themselves. */
    private static final double OWN_WORDS = 1.2;

    /** What the assistant said, where that is asked. */
    private static final double ASSISTANTS_WORDS = 1.3;

    /**
     * Somebody whom the query names knows best about themselves; all the more where everything about them is asked for.
     */
    private static final double NAMED = 1.2;

    private static final double NAMED_AND_GATHERED = 1.5;

    /** What tells of somebody who speaks in the query. */
    private static final double OF_THE_ASKER = 1.3;

    /** Said in the time that the query names, or soon after, when people tell of it. */
    private static final double IN_TIME = 2.5;

    private static final int TOLD_DAYS_AFTER = 10;

    /** A span of more days than this does not tell what is meant from the rest. */
    private static final int LONGEST_SPAN = 400;

    /** A text that tells a time, where a time is asked for. */
    private static final double TELLS_TIME = 1.3;

    private static final int READ_FOR_TIME = 500;

    /** What says of itself that it is unreliable, out of date or from elsewhere. */
    private static final double DOUBTFUL = 0.6;

    private static final double MOST_BY_RATING = 0.2;

    private final QueryAnalysis analysis;
    private final ZoneId zone;

    RelevanceWeigher(QueryAnalysis analysis, ZoneId zone) {
        this.analysis = analysis;
        this.zone = zone;
    }

    /** What the header of an item tells. */
    RankedItem weighMetadata(RankedItem found) {
        MemoryItem item = found.item();
        RankedItem weighed = found;
        if (analysis.asks(Aspect.FIRST_PERSON) && item.origin().role() == Role.USER) {
            weighed = weighed.multipliedBy(OWN_WORDS, "own words of a user");
        }
        if (analysis.asks(Aspect.ASSISTANT)
                && item.origin().role() == Role.ASSISTANT
                && !NeighborBoost.isPerson(item)) {
            weighed = weighed.multipliedBy(ASSISTANTS_WORDS, "said by the assistant");
        }
        if (analysis.names(item.origin().speaker())) {
            weighed = weighed.multipliedBy(
                    analysis.asks(Aspect.GATHER) ? NAMED_AND_GATHERED : NAMED, "said by somebody whom the query names");
        }
        if (analysis.mentionsAsker(item.text())) {
            weighed = weighed.multipliedBy(OF_THE_ASKER, "tells of somebody who speaks in the query");
        }
        LocalDate day = item.times().occurredAt().atZone(zone).toLocalDate();
        if (analysis.times().stream().anyMatch(time -> isNear(time, day))) {
            weighed = weighed.multipliedBy(IN_TIME, "said in or soon after the time that the query names");
        }
        return weighed;
    }

    /** What only reading the text tells; for the best alone, since it takes longer. */
    RankedItem weighText(RankedItem found) {
        MemoryItem item = found.item();
        LocalDate day = item.times().occurredAt().atZone(zone).toLocalDate();
        RankedItem weighed = analysis.asks(Aspect.WHEN) && tellsTime(item, day)
                ? found.multipliedBy(TELLS_TIME, "tells a time")
                : found;
        return Reliability.assess(item.text()) == Reliability.ASSERTED
                ? weighed
                : weighed.multipliedBy(DOUBTFUL, "says of itself that it is doubtful");
    }

    /** Each thumb moves an item less than the one before; all together not beyond a fifth up or down. */
    static RankedItem weighRating(RankedItem found, int rating) {
        double factor = 1 + MOST_BY_RATING * Math.tanh(rating / 2.0);
        return rating == 0 ? found : found.multipliedBy(factor, "rated " + rating + " by users");
    }

    private static boolean isNear(TimeExpression time, LocalDate day) {
        return ChronoUnit.DAYS.between(time.from(), time.until()) <= LONGEST_SPAN
                && !day.isBefore(time.from().minusDays(1))
                && day.isBefore(time.until().plusDays(TOLD_DAYS_AFTER));
    }

    private static boolean tellsTime(MemoryItem item, LocalDate day) {
        String head =
                item.text().substring(0, Math.min(READ_FOR_TIME, item.text().length()));
        return !TimeExpressionFinder.find(head, day).isEmpty();
    }
}
