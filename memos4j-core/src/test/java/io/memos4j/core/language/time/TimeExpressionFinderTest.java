package io.memos4j.core.language.time;

import java.time.LocalDate;
import java.util.List;
import java.util.Locale;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

class TimeExpressionFinderTest {
    /** A Wednesday. */
    private static final LocalDate NOW = LocalDate.of(2023, 8, 16);

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            What did I eat today?                    | today                          | 2023-08-16 | 2023-08-17 | DAY
            It is the day before yesterday's bread   | the day before yesterday       | 2023-08-14 | 2023-08-15 | DAY
            Call me tomorrow night                   | tomorrow night                 | 2023-08-17 | 2023-08-18 | DAY
            She sang this morning                    | this morning                   | 2023-08-16 | 2023-08-17 | DAY
            She sang last night                      | last night                     | 2023-08-15 | 2023-08-16 | DAY
            We met last week                         | last week                      | 2023-08-07 | 2023-08-14 | WEEK
            We met last weekend                     | last weekend                   | 2023-08-12 | 2023-08-14 | WEEKEND
            We meet next month                       | next month                     | 2023-09-01 | 2023-10-01 | MONTH
            We met this year                         | this year                      | 2023-01-01 | 2024-01-01 | YEAR
            We met last Friday evening               | last Friday evening            | 2023-08-11 | 2023-08-12 | DAY
            We met last wednesday                    | last wednesday                 | 2023-08-09 | 2023-08-10 | DAY
            We meet this Friday                      | this Friday                    | 2023-08-18 | 2023-08-19 | DAY
            We meet next Monday                      | next Monday                    | 2023-08-21 | 2023-08-22 | DAY
            We met last summer                       | last summer                    | 2022-06-01 | 2022-09-01 | SEASON
            We meet this winter                      | this winter                    | 2023-12-01 | 2024-03-01 | SEASON
            We meet next fall                        | next fall                      | 2023-09-01 | 2023-12-01 | SEASON
            We met last May                          | last May                       | 2023-05-01 | 2023-06-01 | MONTH
            We met last August                       | last August                    | 2022-08-01 | 2022-09-01 | MONTH
            The week before last was dull            | The week before last           | 2023-07-31 | 2023-08-07 | WEEK
            We met on Friday                         | Friday                         | 2023-08-11 | 2023-08-12 | DAY
            We met on Wednesday                      | Wednesday                      | 2023-08-16 | 2023-08-17 | DAY
            We met over the weekend                 | the weekend                    | 2023-08-12 | 2023-08-14 | WEEKEND
            We met Friday last week                  | Friday last week               | 2023-08-11 | 2023-08-12 | DAY
            We met ten days ago                      | ten days ago                   | 2023-08-06 | 2023-08-07 | DAY
            We met a couple of weeks ago             | a couple of weeks ago          | 2023-07-31 | 2023-08-07 | WEEK
            We met 3 months ago                      | 3 months ago                   | 2023-05-01 | 2023-06-01 | MONTH
            We met a year ago                        | a year ago                     | 2022-01-01 | 2023-01-01 | YEAR
            We met a few days ago                    | a few days ago                 | 2023-08-11 | 2023-08-15 | SPAN
            We meet in three days                    | in three days                  | 2023-08-19 | 2023-08-20 | DAY
            We meet two weeks from now               | two weeks from now             | 2023-08-28 | 2023-09-04 | WEEK
            We met in the past 3 days                | the past 3 days                | 2023-08-13 | 2023-08-17 | SPAN
            We met in the last two weeks             | the last two weeks             | 2023-08-02 | 2023-08-17 | SPAN
            We met earlier this week                 | earlier this week              | 2023-08-14 | 2023-08-17 | SPAN
            We met on May 7th                        | May 7th                        | 2023-05-07 | 2023-05-08 | DAY
            We met on 25 December                    | 25 December                    | 2022-12-25 | 2022-12-26 | DAY
            We met in May                            | May                            | 2023-05-01 | 2023-06-01 | MONTH
            We met in october                        | october                        | 2022-10-01 | 2022-11-01 | MONTH
            We loved that August of ours             | August                         | 2023-08-01 | 2023-09-01 | MONTH
            The week of 3 June was dull              | The week of 3 June             | 2023-05-29 | 2023-06-05 | WEEK
            We met in the summer of last year        | the summer of last year        | 2022-06-01 | 2022-09-01 | SEASON
            Between May and July we met              | Between May and July           | 2023-05-01 | 2023-08-01 | SPAN
            We worked from Monday to Friday          | from Monday to Friday          | 2023-08-07 | 2023-08-12 | SPAN
            I have known her since 2019              | since 2019                     | 2019-01-01 | 2023-08-17 | SPAN
            I have known her since last Monday       | since last Monday              | 2023-08-14 | 2023-08-17 | SPAN
            """)
    void english_words_that_lean_on_the_reference_are_resolved(
            String text, String words, LocalDate from, LocalDate until, TimePrecision precision) {
        assertThat(TimeExpressionFinder.find(text, NOW))
                .containsExactly(expected(text, words, from, until, precision, true));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            We met on 2023-07-15                     | 2023-07-15                     | 2023-07-15 | 2023-07-16 | DAY
            Logged at 2023-07-15T10:00:00Z           | 2023-07-15                     | 2023-07-15 | 2023-07-16 | DAY
            We met on 7 May 2022                     | 7 May 2022                     | 2022-05-07 | 2022-05-08 | DAY
            We met on May 7th, 2022                  | May 7th, 2022                  | 2022-05-07 | 2022-05-08 | DAY
            We met on may 7 2022                     | may 7 2022                     | 2022-05-07 | 2022-05-08 | DAY
            We met on Friday, 5 May 2023             | Friday, 5 May 2023             | 2023-05-05 | 2023-05-06 | DAY
            We met on Sept. 7, 2022                  | Sept. 7, 2022                  | 2022-09-07 | 2022-09-08 | DAY
            We met in May 2022                       | May 2022                       | 2022-05-01 | 2022-06-01 | MONTH
            We met in the summer of 2022             | the summer of 2022             | 2022-06-01 | 2022-09-01 | SEASON
            We met in winter 2022                    | winter 2022                    | 2022-12-01 | 2023-03-01 | SEASON
            We met in 2022                           | 2022                           | 2022-01-01 | 2023-01-01 | YEAR
            We met before 2022                       | 2022                           | 2022-01-01 | 2023-01-01 | YEAR
            We met in the 1990s                      | the 1990s                      | 1990-01-01 | 2000-01-01 | SPAN
            She ran the Friday before 15 July 2023   | the Friday before 15 July 2023 | 2023-07-14 | 2023-07-15 | DAY
            She ran the weekend after 2023-07-15    | the weekend after 2023-07-15   | 2023-07-22 | 2023-07-24 | WEEKEND
            She ran the weekend before 2023-07-16   | the weekend before 2023-07-16  | 2023-07-08 | 2023-07-10 | WEEKEND
            She ran two weeks before 15 July 2023    | two weeks before 15 July 2023  | 2023-06-26 | 2023-07-03 | WEEK
            She ran 3 days after 15 July 2023        | 3 days after 15 July 2023      | 2023-07-18 | 2023-07-19 | DAY
            She ran the last week of May 2022        | the last week of May 2022      | 2022-05-30 | 2022-06-06 | WEEK
            She ran the second Friday of June 2023   | the second Friday of June 2023 | 2023-06-09 | 2023-06-10 | DAY
            She ran from 2019 to 2021                | from 2019 to 2021              | 2019-01-01 | 2022-01-01 | SPAN
            She ran from 1 May 2022 to June          | from 1 May 2022 to June        | 2022-05-01 | 2022-07-01 | SPAN
            She ran between May 7 and June 9, 2022   | between May 7 and June 9, 2022 | 2022-05-07 | 2022-06-10 | SPAN
            """)
    void english_dates_do_not_depend_on_the_reference(
            String text, String words, LocalDate from, LocalDate until, TimePrecision precision) {
        assertThat(TimeExpressionFinder.find(text, NOW))
                .containsExactly(expected(text, words, from, until, precision, false));
        assertThat(TimeExpressionFinder.find(text, NOW.plusYears(7)))
                .containsExactly(expected(text, words, from, until, precision, false));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "   ",
                "A sundae for the mayor and Augustine",
                "It may rain, and they march on",
                "You may 7 times try, this may be wrong",
                "The Women's March with Theresa May and June Carter",
                "June is my sister",
                "Every Friday we dance; a Monday like any; Mondays are dull",
                "A crowd of 2000 people sat in the sun",
                "Call 2022 or 555-2022-1234-5",
                "The fall hurt; spring rolls; the week before I left",
                "recently, some day, in a moment, weekly, a fortnight"
            })
    void english_false_friends_are_no_times(String text) {
        assertThat(TimeExpressionFinder.find(text, NOW)).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "30 February 2023",
                "February 30",
                "Feb 29, 2023",
                "2023-02-29",
                "2023-13-01",
                "31 April",
                "2023年2月30日",
                "13月",
                "4月31日"
            })
    void dates_that_do_not_exist_are_left_out_with_all_their_parts(String text) {
        assertThat(TimeExpressionFinder.find("on " + text, NOW)).isEmpty();
    }

    @ParameterizedTest
    @CsvSource({
        "2024-02-29, a year ago,             2023-01-01, 2024-01-01",
        "2024-02-29, yesterday,              2024-02-28, 2024-02-29",
        "2024-03-01, yesterday,              2024-02-29, 2024-03-01",
        "2024-03-31, last month,             2024-02-01, 2024-03-01",
        "2023-08-16, on 29 February,         2020-02-29, 2020-03-01",
        "2024-01-01, last week,              2023-12-25, 2024-01-01",
        "2024-01-01, last night,             2023-12-31, 2024-01-01",
        "2023-01-01, this week,              2022-12-26, 2023-01-02",
        "2023-01-01, last month,             2022-12-01, 2023-01-01",
        "2023-01-15, this winter,            2022-12-01, 2023-03-01",
        "2023-01-15, last winter,            2021-12-01, 2022-03-01",
        "2023-12-31, in 1 day,               2024-01-01, 2024-01-02",
        "2023-08-13, this weekend,           2023-08-12, 2023-08-14",
        "2023-08-13, last weekend,           2023-08-05, 2023-08-07",
        "2023-01-02, 上周日,                  2023-01-01, 2023-01-02",
        "2024-01-01, 去年12月31日,            2023-12-31, 2024-01-01"
    })
    void leap_days_and_year_ends_are_crossed(LocalDate now, String text, LocalDate from, LocalDate until) {
        assertThat(TimeExpressionFinder.find(text, now)).singleElement().satisfies(found -> {
            assertThat(found.from()).isEqualTo(from);
            assertThat(found.until()).isEqualTo(until);
        });
    }

    @Test
    void results_come_in_order_with_their_place_in_the_text() {
        String text = "🎂 May 7, 2022 或者上周三; yesterday";
        List<TimeExpression> found = TimeExpressionFinder.find(text, NOW);
        assertThat(found).extracting(TimeExpression::text).containsExactly("May 7, 2022", "上周三", "yesterday");
        assertThat(found)
                .allSatisfy(time ->
                        assertThat(text.substring(time.start(), time.end())).isEqualTo(time.text()));
    }

    @Test
    void before_and_after_a_date_are_no_ranges() {
        assertThat(TimeExpressionFinder.find("before May 2022 and after last week", NOW))
                .extracting(TimeExpression::text)
                .containsExactly("May 2022", "last week");
    }

    @Test
    void a_range_that_runs_backwards_is_two_times() {
        assertThat(TimeExpressionFinder.find("from tomorrow to yesterday", NOW))
                .extracting(TimeExpression::text)
                .containsExactly("tomorrow", "yesterday");
    }

    @Test
    void the_locale_of_the_machine_does_not_matter() {
        Locale before = Locale.getDefault();
        try {
            Locale.setDefault(Locale.forLanguageTag("tr-TR"));
            assertThat(TimeExpressionFinder.find("IN APRIL, LAST FRIDAY", NOW)).hasSize(2);
        } finally {
            Locale.setDefault(before);
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {" ", "a couple of ", "the last ", "May ", "2023-07-1", "between May and ", "A", "周", "昨天到", "1"})
    void a_long_text_is_read_only_at_its_beginning(String part) {
        String text = part.repeat(1_000_000 / part.length()) + " yesterday";
        assertThat(TimeExpressionFinder.find(text, NOW))
                .allSatisfy(found -> assertThat(found.start()).isLessThan(TimeExpressionFinder.MAX_CHARS));
    }

    @Test
    void an_expression_that_begins_within_the_part_that_is_read_is_found_whole() {
        String text = "x".repeat(TimeExpressionFinder.MAX_CHARS - 2) + " 2022-05-07 yesterday";
        assertThat(TimeExpressionFinder.find(text, NOW))
                .extracting(TimeExpression::text)
                .containsExactly("2022-05-07");
    }

    @ParameterizedTest
    @ValueSource(strings = {"-999999999-01-01", "+999999999-12-31"})
    void at_the_ends_of_time_what_has_no_date_is_left_out(LocalDate now) {
        String text = "last week, next year, from 1 May 2022 to Friday, since May, 最近三天";
        assertThat(TimeExpressionFinder.find(text, now))
                .allSatisfy(found -> assertThat(found.from()).isBefore(found.until()));
    }

    @Test
    void an_expression_must_end_after_it_begins() {
        assertThatThrownBy(() -> new TimeExpression("today", 0, 5, NOW, NOW, TimePrecision.DAY, true))
                .isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> new TimeExpression("today", 0, 4, NOW, NOW.plusDays(1), TimePrecision.DAY, true))
                .isInstanceOf(IllegalArgumentException.class);
    }

    private static TimeExpression expected(
            String text, String words, LocalDate from, LocalDate until, TimePrecision precision, boolean relative) {
        int start = text.indexOf(words);
        return new TimeExpression(words, start, start + words.length(), from, until, precision, relative);
    }
}
