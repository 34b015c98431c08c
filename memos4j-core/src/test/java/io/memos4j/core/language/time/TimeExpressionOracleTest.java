package io.memos4j.core.language.time;

import java.time.LocalDate;
import java.time.LocalTime;
import java.time.ZoneOffset;
import java.util.Date;
import java.util.List;
import java.util.Random;
import java.util.TimeZone;
import java.util.function.Function;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.natty.Parser;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Compares generated English expressions with natty, where both claim to understand: the day of natty must lie in our
 * span. These classes are left out, because natty reads them otherwise:
 *
 * <ul>
 *   <li>grouped and decimal numbers, halves: natty takes 1,200 for 200, and 1.5 years for one o'clock;
 *   <li>"a couple of weeks ago": natty reads "weeks ago" as one week;
 *   <li>"last Friday", "next Friday": natty means that of the calendar week, we the last and the next one;
 *   <li>"Friday", "December 25" without a year: natty means the next one, we the latest, as memories do;
 *   <li>"last night": natty takes it for tonight;
 *   <li>seasons: natty's begin at the equinox, ours on the first of a month.
 * </ul>
 */
class TimeExpressionOracleTest {
    private static final int EXPRESSIONS = 400;
    private static final List<String> UNITS = List.of("day", "week", "month", "year");
    private static final List<String> WORDS =
            List.of("one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve");
    private static final List<String> MONTHS = List.of(
            "January", "February", "March", "April", "June", "July", "August", "September", "October", "November");

    private static final List<Function<Random, String>> FORMS = List.of(
            random -> amount(random) + " ago",
            random -> "in " + amount(random),
            random -> amount(random) + " from now",
            random -> pick(random, List.of("last ", "next ")) + pick(random, List.of("week", "month", "year")),
            random -> pick(random, List.of("yesterday", "tomorrow", "today")),
            random -> date(random),
            random -> (1 + random.nextInt(30)) + " days " + pick(random, List.of("before ", "after ")) + date(random));

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3})
    void natty_means_a_day_within_our_span(long seed) {
        Random random = new Random(seed);
        Parser natty = new Parser(TimeZone.getTimeZone("UTC"));
        for (int i = 0; i < EXPRESSIONS; i++) {
            LocalDate now = LocalDate.ofEpochDay(random.nextInt(8_000, 24_000));
            String words = pick(random, FORMS).apply(random);
            LocalDate day = day(natty, words, now);
            assertThat(TimeExpressionFinder.find("We met " + words, now))
                    .as("'%s' on %s, %s by natty", words, now, day)
                    .singleElement()
                    .satisfies(found -> {
                        assertThat(found.text()).isEqualTo(words);
                        assertThat(day).isBetween(found.from(), found.until().minusDays(1));
                    });
        }
    }

    private static LocalDate day(Parser natty, String words, LocalDate now) {
        Date noon = Date.from(now.atTime(LocalTime.NOON).toInstant(ZoneOffset.UTC));
        return LocalDate.ofInstant(
                natty.parse(words, noon).getFirst().getDates().getFirst().toInstant(), ZoneOffset.UTC);
    }

    private static String amount(Random random) {
        String unit = pick(random, UNITS);
        int most = unit.equals("day") ? 900 : unit.equals("year") ? 40 : 90;
        int number = 1 + random.nextInt(most);
        String count = number <= WORDS.size() && random.nextBoolean() ? WORDS.get(number - 1) : "" + number;
        return count + " " + unit + (number == 1 ? "" : "s");
    }

    private static String date(Random random) {
        int day = 1 + random.nextInt(28);
        int year = 1990 + random.nextInt(50);
        String month = pick(random, MONTHS);
        return random.nextBoolean() ? month + " " + day + ", " + year : day + " " + month + " " + year;
    }

    private static <T> T pick(Random random, List<T> values) {
        return values.get(random.nextInt(values.size()));
    }
}
