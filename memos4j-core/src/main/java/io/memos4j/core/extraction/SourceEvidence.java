package io.memos4j.core.extraction;

import io.memos4j.core.language.LanguageRules;
import io.memos4j.core.language.NumberNormalizer;
import io.memos4j.core.language.PatternSet;
import io.memos4j.core.language.TextNormalizer;
import io.memos4j.core.language.time.TimeExpression;
import io.memos4j.core.language.time.TimeExpressionFinder;
import java.time.LocalDate;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Matcher;

/**
 * The words, numbers and dates of the texts that a claim cites.
 *
 * <p>A date that the model calculated is in no source, so dates are checked separately: an expression of time is
 * supported if a source means the same days, or if it is near the day of a source that mentions a time, or is that day
 * itself.
 */
final class SourceEvidence {
    /** The most days between a source and a calculated date. */
    static final int MAX_DAYS = 400;

    /** The length of a common beginning that makes two words forms of one: allergic and allergy. */
    private static final int SAME_BEGINNING = 5;

    /**
     * A text, the day when it was said, and who said it.
     *
     * @param speaker empty if nobody in particular
     */
    record DatedText(String text, LocalDate day, String speaker) {}

    private final String text;
    private final Set<String> words = new HashSet<>();
    private final Set<String> stems = new HashSet<>();
    private final Set<String> concepts;
    private final Set<String> numbers = new HashSet<>();
    private final List<DatedText> said;
    private final List<List<TimeExpression>> times;

    /** @param labels names and dates that belong to the texts */
    SourceEvidence(List<DatedText> said, Collection<String> labels) {
        this.said = List.copyOf(said);
        this.times = said.stream()
                .map(one -> TimeExpressionFinder.find(one.text(), one.day()))
                .toList();
        StringBuilder all = new StringBuilder();
        said.forEach(one -> all.append(one.text()).append('\n'));
        labels.forEach(label -> all.append(label).append('\n'));
        this.text = TextNormalizer.withoutAccents(all.toString()).toLowerCase(Locale.ROOT);
        this.concepts = ClaimConcepts.of(text);
        Matcher matcher = ClaimTerms.WORD.matcher(ClaimTerms.spaced(ClaimTerms.withoutElisions(text)));
        while (matcher.find()) {
            String word = LanguageRules.withoutPossessive(matcher.group());
            words.add(word);
            stems.add(LanguageRules.stem(word));
        }
        numbers.addAll(NumberNormalizer.digits(text));
        numbers.addAll(NumberNormalizer.words(LanguageRules.blank(PatternSet.DAY_NAME, text)));
    }

    /** The evidence of the words of a text, of no speaker and no day. */
    static SourceEvidence ofWords(String text) {
        return new SourceEvidence(List.of(), List.of(text));
    }

    /** Blanks the supported dates in a text. */
    String withoutDates(String claim) {
        StringBuilder rest = new StringBuilder(claim);
        boolean timely = times.stream().anyMatch(found -> !found.isEmpty());
        for (DatedText one : said) {
            for (TimeExpression date : TimeExpressionFinder.find(rest.toString(), one.day())) {
                if (LanguageRules.matches(PatternSet.CALENDAR_WORD, date.text())
                        && (supportsDate(date) || near(date, one, timely))) {
                    blank(rest, date.start(), date.end());
                }
            }
        }
        return timely ? LanguageRules.blank(PatternSet.DAY_NAME, rest.toString()) : rest.toString();
    }

    private boolean supportsDate(TimeExpression date) {
        return times.stream()
                .flatMap(List::stream)
                .anyMatch(time ->
                        date.from().isBefore(time.until()) && time.from().isBefore(date.until()));
    }

    private static boolean near(TimeExpression date, DatedText one, boolean timely) {
        boolean sameDay = !date.from().isAfter(one.day()) && date.until().isAfter(one.day());
        return sameDay
                || (timely
                        && date.from().isBefore(one.day().plusDays(MAX_DAYS + 1))
                        && date.until().isAfter(one.day().minusDays(MAX_DAYS)));
    }

    private static void blank(StringBuilder text, int start, int end) {
        for (int i = start; i < end; i++) {
            text.setCharAt(i, ' ');
        }
    }

    /**
     * Returns whether the texts have a number with this sign; words such as "minus", "below" or "fell by" may stand for
     * a sign.
     *
     * @param signInWords whether the claim has such words
     */
    boolean hasNumber(String number, boolean signInWords) {
        if (numbers.contains(number) || signInWords && numbers.contains(NumberNormalizer.MINUS + number)) {
            return true;
        }
        if (number.startsWith(NumberNormalizer.MINUS)) {
            return numbers.contains(number.substring(1)) && LanguageRules.matches(PatternSet.NEGATIVE_AMOUNT, text);
        }
        // "2 pm" and "14h" support 14:00, and "2:30" supports 14:30.
        int colon = number.indexOf(':');
        if (colon < 1 || colon > 2 || number.length() - colon != 3) {
            return false;
        }
        int hour = Integer.parseInt(number.substring(0, colon));
        String minutes = number.substring(colon);
        return List.of(hour, hour + 12, hour - 12).stream()
                .anyMatch(h -> numbers.contains(h + minutes)
                        || (minutes.equals(":00") && numbers.contains(Integer.toString(h))));
    }

    boolean hasName(String name) {
        return words.contains(name) || words.stream().anyMatch(word -> sameName(word, name));
    }

    /** Treats singular and plural as one name, but not Bob and Bobby. */
    private static boolean sameName(String word, String name) {
        return word.equals(name + "s") || name.equals(word + "s");
    }

    boolean hasWord(String word) {
        if (stems.contains(LanguageRules.stem(word)) || ClaimConcepts.haveCommon(ClaimConcepts.of(word), concepts)) {
            return true;
        }
        return word.length() >= SAME_BEGINNING
                && words.stream().anyMatch(w -> w.startsWith(word.substring(0, SAME_BEGINNING)));
    }

    boolean hasPair(String pair) {
        return text.contains(pair);
    }

    /** Returns whether the evidence has a character of a pair. */
    boolean touchesPair(String pair) {
        return pair.codePoints().anyMatch(character -> text.indexOf(character) >= 0);
    }

    /** Blanks the unspaced words of a claim for which the evidence has another word of the same concept. */
    String withoutConcepts(String claim) {
        return ClaimConcepts.blank(claim, concepts);
    }

    List<DatedText> texts() {
        return said;
    }
}
