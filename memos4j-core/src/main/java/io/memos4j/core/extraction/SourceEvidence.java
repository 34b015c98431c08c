package io.memos4j.core.extraction;

import io.memos4j.core.language.time.TimeExpression;
import io.memos4j.core.language.time.TimeExpressionFinder;
import java.time.LocalDate;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What some texts carry, made to be asked word by word.
 *
 * <p>A date that the model reckoned stands in no source, so dates are looked at apart: an expression of time is carried
 * if a source means the same days, or if it lies near the day of a source that speaks of time, or is that day itself.
 */
final class SourceEvidence {
    /** How far from the day of a source a reckoned date may lie, in days. */
    static final int REACH = 400;

    /** Enough of a word to be another form of it: allergic and allergy. */
    private static final int SAME_BEGINNING = 5;

    private static final Pattern CALENDAR = Pattern.compile(
            "\\d{4}|(?i:january|february|march|april|may|june|july|august|september|october|november|december"
                    + "|jan|feb|mar|apr|jun|jul|aug|sept?|oct|nov|dec)\\b|[月号日年]");
    private static final Pattern DAY_NAME =
            Pattern.compile("(?i)\\b(?:mon|tues|wednes|thurs|fri|satur|sun)days?\\b|(?:星期|周|礼拜)[一二三四五六日天]");

    /** A text and the day on which it was said. */
    record DatedText(String text, LocalDate day) {}

    private final String text;
    private final Set<String> words = new HashSet<>();
    private final Set<String> stems = new HashSet<>();
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
        this.text = ClaimTerms.plain(all.toString()).toLowerCase(Locale.ROOT);
        Matcher matcher = ClaimTerms.WORD.matcher(ClaimTerms.spaced(text));
        while (matcher.find()) {
            String word = StopWords.bare(matcher.group());
            words.add(word);
            stems.add(StopWords.stem(word));
        }
        numbers.addAll(NumberNormalizer.digits(text));
        numbers.addAll(NumberNormalizer.words(DAY_NAME.matcher(text).replaceAll(" ")));
    }

    /** The text without the dates that are carried. */
    String withoutDates(String claim) {
        StringBuilder rest = new StringBuilder(claim);
        boolean timely = times.stream().anyMatch(found -> !found.isEmpty());
        for (DatedText one : said) {
            for (TimeExpression date : TimeExpressionFinder.find(rest.toString(), one.day())) {
                if (CALENDAR.matcher(date.text()).find() && (meant(date) || near(date, one, timely))) {
                    blank(rest, date.start(), date.end());
                }
            }
        }
        if (timely) {
            Matcher day = DAY_NAME.matcher(rest.toString());
            while (day.find()) {
                blank(rest, day.start(), day.end());
            }
        }
        return rest.toString();
    }

    private boolean meant(TimeExpression date) {
        return times.stream()
                .flatMap(List::stream)
                .anyMatch(time ->
                        date.from().isBefore(time.until()) && time.from().isBefore(date.until()));
    }

    private static boolean near(TimeExpression date, DatedText one, boolean timely) {
        boolean sameDay = !date.from().isAfter(one.day()) && date.until().isAfter(one.day());
        return sameDay
                || (timely
                        && date.from().isBefore(one.day().plusDays(REACH + 1))
                        && date.until().isAfter(one.day().minusDays(REACH)));
    }

    private static void blank(StringBuilder text, int start, int end) {
        for (int i = start; i < end; i++) {
            text.setCharAt(i, ' ');
        }
    }

    boolean hasNumber(String number) {
        if (numbers.contains(number)) {
            return true;
        }
        // 14:00 is carried by "2 pm" and by "14h", 14:30 by "2:30".
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

    /** Singular and plural are one name, Bob and Bobby are not. */
    private static boolean sameName(String word, String name) {
        return word.equals(name + "s") || name.equals(word + "s");
    }

    boolean hasWord(String word) {
        if (stems.contains(StopWords.stem(word))) {
            return true;
        }
        return word.length() >= SAME_BEGINNING
                && words.stream().anyMatch(w -> w.startsWith(word.substring(0, SAME_BEGINNING)));
    }

    boolean hasPair(String pair) {
        return text.contains(pair);
    }
}
