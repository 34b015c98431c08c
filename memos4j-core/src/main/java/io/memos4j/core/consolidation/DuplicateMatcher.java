package io.memos4j.core.consolidation;

import io.memos4j.api.items.ItemType;
import io.memos4j.api.items.MemoryItem;
import io.memos4j.core.clock.ZoneResolver;
import io.memos4j.core.history.ConsolidationMarker;
import io.memos4j.core.ingest.InputParser;
import io.memos4j.core.language.ContentWords;
import io.memos4j.core.language.LanguageRules;
import io.memos4j.core.language.PatternSet;
import io.memos4j.core.language.QuestionDetector;
import io.memos4j.core.language.TextEquality;
import io.memos4j.core.language.time.TimeExpressionFinder;
import java.time.LocalDate;
import java.time.ZoneId;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;

/**
 * Decides whether two memories say the same, so that one can stand for both: {@link TextEquality equal texts} by the
 * same speaker, of the same type, with the same labels and validity.
 *
 * <p>Events, and texts that name a time, may have happened twice: on different days they are not duplicates. Questions
 * are never merged, because their answers depend on them.
 */
final class DuplicateMatcher {
    /** Longer texts are rarely repeated, and expensive to compare. */
    static final int MAX_CHARS = 1_000;

    /** Texts with fewer content words, such as "Thanks!", may refer to anything. */
    private static final int MIN_WORDS = 3;

    private static final Set<ItemType> MERGEABLE = Set.of(
            ItemType.MESSAGE, ItemType.NOTE, ItemType.FACT, ItemType.EVENT, ItemType.PREFERENCE, ItemType.INSTRUCTION);

    /** Metadata about the extraction rather than the content. */
    private static final Set<String> EXTRACTION_METADATA = Set.of("confidence", "model", "prompt");

    private final ZoneId zone;

    /** @param zone the zone of items that were said in none */
    DuplicateMatcher(ZoneId zone) {
        this.zone = zone;
    }

    /** Returns whether the item may have duplicates. */
    static boolean isMergeable(MemoryItem item) {
        return MERGEABLE.contains(item.type())
                && !ConsolidationMarker.isConsolidated(item)
                && item.text().length() <= MAX_CHARS
                && !QuestionDetector.isQuestion(item.text())
                && item.text().indexOf('?') < 0
                && item.text().indexOf('？') < 0
                && ContentWords.of(item.text()).size() >= MIN_WORDS;
    }

    boolean areDuplicates(MemoryItem one, MemoryItem other) {
        return one.type() == other.type()
                && one.origin().role() == other.origin().role()
                && one.origin().speaker().equals(other.origin().speaker())
                && one.authorship().principal().equals(other.authorship().principal())
                && one.title().equals(other.title())
                && one.tags().equals(other.tags())
                && labels(one).equals(labels(other))
                && one.times().validFrom().equals(other.times().validFrom())
                && one.times().validTo().equals(other.times().validTo())
                && one.times().expiresAt().equals(other.times().expiresAt())
                && TextEquality.areEqual(one.text(), other.text())
                && (day(one).equals(day(other)) || isState(one));
    }

    private LocalDate day(MemoryItem item) {
        return ZoneResolver.dayOf(item, zone);
    }

    /** Returns whether the item states something that does not depend on the day. */
    private boolean isState(MemoryItem item) {
        return switch (item.type()) {
            case PREFERENCE, INSTRUCTION, FACT -> true;
            case EVENT -> false;
            default ->
                TimeExpressionFinder.find(item.text(), day(item)).isEmpty()
                        && (InputParser.parseStatement(item).isPresent()
                                || !LanguageRules.matches(PatternSet.HAPPENING, item.text()));
        };
    }

    private static Map<String, Object> labels(MemoryItem item) {
        Map<String, Object> labels = new HashMap<>(item.metadata());
        labels.keySet().removeAll(EXTRACTION_METADATA);
        return labels;
    }
}
