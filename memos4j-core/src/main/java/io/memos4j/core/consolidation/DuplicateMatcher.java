package io.memos4j.core.consolidation;

import io.memos4j.api.items.ItemType;
import io.memos4j.api.items.MemoryItem;
import io.memos4j.core.history.ConsolidationMarker;
import io.memos4j.core.ingest.InputParser;
import io.memos4j.core.language.ContentWords;
import io.memos4j.core.language.QuestionDetector;
import io.memos4j.core.language.time.TimeExpressionFinder;
import java.time.LocalDate;
import java.time.ZoneId;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Decides whether two memories say the same, so that one can stand for both: equal word for word, except for case,
 * punctuation, contractions and fillers, by the same speaker, of the same type, with the same labels and validity. A
 * number, a negation or the order of words always distinguishes them.
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

    private static final Pattern WORD =
            Pattern.compile("\\p{IsHan}|[\\p{L}\\p{N}&&[^\\p{IsHan}]]+(?:['.,:/@_-][\\p{L}\\p{N}&&[^\\p{IsHan}]]+)*+");

    private static final Set<String> FILLERS = Set.of(
            "a",
            "an",
            "the",
            "um",
            "uh",
            "oh",
            "ah",
            "hey",
            "hi",
            "hello",
            "well",
            "ok",
            "okay",
            "please",
            "just",
            "actually",
            "haha",
            "lol",
            "wow",
            "啊",
            "呀",
            "哦",
            "嗯",
            "呢");

    private static final Map<String, String> CONTRACTIONS = Map.ofEntries(
            Map.entry("i'm", "i am"),
            Map.entry("can't", "cannot"),
            Map.entry("won't", "will not"),
            Map.entry("it's", "it is"),
            Map.entry("that's", "that is"),
            Map.entry("i've", "i have"),
            Map.entry("i'll", "i will"),
            Map.entry("we're", "we are"),
            Map.entry("you're", "you are"),
            Map.entry("they're", "they are"),
            Map.entry("don't", "do not"),
            Map.entry("doesn't", "does not"),
            Map.entry("didn't", "did not"),
            Map.entry("isn't", "is not"),
            Map.entry("aren't", "are not"));

    /** Words that report something that happened or is about to. */
    private static final Pattern HAPPENING = Pattern.compile(
            "\\b(?:was|were|did|had|went|got|came|made|took|saw|met|gave|bought|found|told|said|won|lost|left|had|been"
                    + "|just|finally|will|going to|\\p{L}{2,}ed|gonna|'ve|'ll)\\b|了|过|刚|要",
            Pattern.CASE_INSENSITIVE);

    private final ZoneId zone;

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
                && one.title().equals(other.title())
                && one.tags().equals(other.tags())
                && labels(one).equals(labels(other))
                && one.times().validFrom().equals(other.times().validFrom())
                && one.times().validTo().equals(other.times().validTo())
                && one.times().expiresAt().equals(other.times().expiresAt())
                && haveSameText(one.text(), other.text())
                && (day(one).equals(day(other)) || isState(one));
    }

    static boolean haveSameText(String one, String other) {
        return normalize(one).equals(normalize(other));
    }

    /** Returns the words in order, without fillers. */
    private static String normalize(String text) {
        StringBuilder normal = new StringBuilder();
        Matcher word = WORD.matcher(text.toLowerCase(Locale.ROOT).replace('’', '\''));
        while (word.find()) {
            if (!FILLERS.contains(word.group())) {
                normal.append(CONTRACTIONS.getOrDefault(word.group(), word.group()))
                        .append(' ');
            }
        }
        return normal.toString();
    }

    private LocalDate day(MemoryItem item) {
        return item.times().occurredAt().atZone(zone).toLocalDate();
    }

    /** Returns whether the item states something that does not depend on the day. */
    private boolean isState(MemoryItem item) {
        return switch (item.type()) {
            case PREFERENCE, INSTRUCTION, FACT -> true;
            case EVENT -> false;
            default ->
                TimeExpressionFinder.find(item.text(), day(item)).isEmpty()
                        && (InputParser.parseStatement(item).isPresent()
                                || !HAPPENING.matcher(item.text()).find());
        };
    }

    private static Map<String, Object> labels(MemoryItem item) {
        Map<String, Object> labels = new HashMap<>(item.metadata());
        labels.keySet().removeAll(EXTRACTION_METADATA);
        return labels;
    }
}
