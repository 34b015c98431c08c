package io.memos4j.core.consolidation;

import io.memos4j.api.items.MemoryItem;
import io.memos4j.api.items.Role;
import io.memos4j.core.clock.ZoneResolver;
import io.memos4j.core.consolidation.LexRankSummarizer.Line;
import io.memos4j.core.history.ConsolidationMarker;
import io.memos4j.core.language.ContentWords;
import io.memos4j.core.language.LanguageRules;
import io.memos4j.core.language.PatternSet;
import io.memos4j.core.language.QuestionDetector;
import io.memos4j.core.language.SentenceSplitter;
import java.time.ZoneId;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Extracts the sentences of a message that may appear in a summary, each with its day and speaker; of a summary, its
 * lines.
 */
final class SentenceExtractor {
    private static final int MIN_WORDS = 3;
    private static final int MIN_CHARS = 8;
    private static final int MAX_CHARS = 260;

    /** Weight of assistants, who explain rather than report. */
    private static final double ASSISTANT_WEIGHT = 0.5;

    private static final double DETAIL_WEIGHT = 1.2;

    /** Weight of statements about the speaker, as opposed to courtesies. */
    private static final double SELF_WEIGHT = 1.3;

    private static final double COURTESY_WEIGHT = 0.3;

    private static final Pattern INFORMATIVE = Pattern.compile("\\d|(?<=\\p{L} )\\p{Lu}\\p{Ll}");

    /** Matches code, tables, headings and lists. */
    private static final Pattern NO_SENTENCE = Pattern.compile("^(?:[`|#>{}<*+-]|\\d+[.)])|[{};=]{2}|:$|\\*\\*");

    private static final Pattern LINE = Pattern.compile("^(\\d{4}-\\d\\d-\\d\\d (?:[^:]{1,80}: )?)(.+)$");

    private SentenceExtractor() {}

    /** @param zone the zone of items that were said in none */
    static List<Line> extract(MemoryItem item, ZoneId zone) {
        return ConsolidationMarker.isConsolidated(item) ? summaryLines(item) : sentences(item, zone);
    }

    private static List<Line> sentences(MemoryItem item, ZoneId zone) {
        String day = ZoneResolver.dayOf(item, zone) + " ";
        String speaker = item.origin().speaker().isEmpty()
                ? item.origin().role() == Role.NONE ? "" : item.origin().role().id() + ": "
                : item.origin().speaker().replace(':', ' ') + ": ";
        double who = item.origin().role() == Role.ASSISTANT ? ASSISTANT_WEIGHT : 1;
        return SentenceSplitter.split(item.text()).stream()
                .map(String::strip)
                .filter(SentenceExtractor::isInformative)
                .map(text -> new Line(item.id(), day + speaker, text, who * weight(text)))
                .toList();
    }

    private static double weight(String text) {
        if (LanguageRules.matches(PatternSet.COURTESY, text)) {
            return COURTESY_WEIGHT;
        }
        return (INFORMATIVE.matcher(text).find() ? DETAIL_WEIGHT : 1)
                * (LanguageRules.matches(PatternSet.SELF_MENTION, text) ? SELF_WEIGHT : 1);
    }

    private static boolean isInformative(String text) {
        return text.length() >= MIN_CHARS
                && text.length() <= MAX_CHARS
                && !QuestionDetector.isQuestion(text)
                && !NO_SENTENCE.matcher(text).find()
                && ContentWords.of(text).size() >= MIN_WORDS;
    }

    private static List<Line> summaryLines(MemoryItem summary) {
        return summary.text()
                .lines()
                .map(LINE::matcher)
                .filter(Matcher::matches)
                .map(line -> new Line(
                        summary.id(),
                        line.group(1),
                        line.group(2),
                        line.group(2).equals(summary.title()) ? 1.3 : 1))
                .toList();
    }
}
