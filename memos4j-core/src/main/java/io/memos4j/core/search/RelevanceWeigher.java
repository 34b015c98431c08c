package io.memos4j.core.search;

import io.memos4j.api.items.MemoryItem;
import io.memos4j.api.items.Role;
import io.memos4j.core.clock.ZoneResolver;
import io.memos4j.core.language.Reliability;
import io.memos4j.core.language.time.TimeExpression;
import io.memos4j.core.language.time.TimeExpressionFinder;
import io.memos4j.core.search.QueryAnalysis.Aspect;
import java.time.LocalDate;
import java.time.ZoneId;
import java.time.temporal.ChronoUnit;

/**
 * Weighs an item by properties that the query asks for beyond its words: the speaker, the time, whether it mentions a
 * time, and whether it calls itself unreliable. Each rule is one named factor.
 */
final class RelevanceWeigher {
    /** The factor for users' words where the asker asks about themselves. */
    private static final double OWN_WORDS = 1.2;

    /** The factor for the assistant's words where the query asks for them. */
    private static final double ASSISTANTS_WORDS = 1.3;

    /** The factor for speakers whom the query names, who know best about themselves. */
    private static final double NAMED = 1.2;

    private static final double NAMED_AND_GATHERED = 1.5;

    /** The factor for texts that mention a speaker in the query. */
    private static final double OF_THE_ASKER = 1.3;

    /** The factor for items from the time that the query names, or soon after, when people talk about it. */
    private static final double IN_TIME = 2.5;

    private static final int LATEST_DAYS_AFTER = 10;

    /** The longest span of days that still narrows a search down. */
    private static final int LONGEST_SPAN = 400;

    /** The factor for texts that mention a time, where the query asks for one. */
    private static final double TELLS_TIME = 1.3;

    private static final int READ_FOR_TIME = 500;

    /** The factor for texts that call themselves unreliable, outdated or hearsay. */
    private static final double DOUBTFUL = 0.6;

    /** The largest effect of ratings. */
    private static final double MOST_BY_RATING = 0.2;

    private final QueryAnalysis analysis;
    private final ZoneId zone;

    /** @param zone the zone of items that were said in none */
    RelevanceWeigher(QueryAnalysis analysis, ZoneId zone) {
        this.analysis = analysis;
        this.zone = zone;
    }

    /** Weighs an item by its metadata. */
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
                    analysis.asks(Aspect.GATHER) ? NAMED_AND_GATHERED : NAMED,
                    "said by a speaker whom the query names");
        }
        if (analysis.mentionsAsker(item.text())) {
            weighed = weighed.multipliedBy(OF_THE_ASKER, "mentions a speaker in the query");
        }
        LocalDate day = ZoneResolver.dayOf(item, zone);
        if (analysis.times().stream().anyMatch(time -> isNear(time, day))) {
            weighed = weighed.multipliedBy(IN_TIME, "from the time that the query names, or soon after");
        }
        return weighed;
    }

    /** Weighs an item by its text; for the best alone, since it takes longer. */
    RankedItem weighText(RankedItem found) {
        MemoryItem item = found.item();
        LocalDate day = ZoneResolver.dayOf(item, zone);
        RankedItem weighed = analysis.asks(Aspect.WHEN) && mentionsTime(item, day)
                ? found.multipliedBy(TELLS_TIME, "mentions a time")
                : found;
        return Reliability.assess(item.text()) == Reliability.ASSERTED
                ? weighed
                : weighed.multipliedBy(DOUBTFUL, "calls itself unreliable");
    }

    /** Weighs an item by its ratings: each has less effect than the one before, and all together at most a fifth. */
    static RankedItem weighRating(RankedItem found, int rating) {
        double factor = 1 + MOST_BY_RATING * Math.tanh(rating / 2.0);
        return rating == 0 ? found : found.multipliedBy(factor, "rated " + rating + " by users");
    }

    private static boolean isNear(TimeExpression time, LocalDate day) {
        return ChronoUnit.DAYS.between(time.from(), time.until()) <= LONGEST_SPAN
                && !day.isBefore(time.from().minusDays(1))
                && day.isBefore(time.until().plusDays(LATEST_DAYS_AFTER));
    }

    private static boolean mentionsTime(MemoryItem item, LocalDate day) {
        String head =
                item.text().substring(0, Math.min(READ_FOR_TIME, item.text().length()));
        return !TimeExpressionFinder.find(head, day).isEmpty();
    }
}
