package io.memos4j.core.language.time;

import java.time.LocalDate;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;

class TimeExpressionFinderChineseTest {
    /** A Wednesday. */
    private static final LocalDate NOW = LocalDate.of(2023, 8, 16);

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            我今天去了公园         | 今天         | 2023-08-16 | 2023-08-17 | DAY
            昨天下午开会           | 昨天下午     | 2023-08-15 | 2023-08-16 | DAY
            大前天下雨             | 大前天       | 2023-08-13 | 2023-08-14 | DAY
            前天下雨               | 前天         | 2023-08-14 | 2023-08-15 | DAY
            他说明天会下雨         | 明天         | 2023-08-17 | 2023-08-18 | DAY
            大后天出发             | 大后天       | 2023-08-19 | 2023-08-20 | DAY
            後天出發               | 後天         | 2023-08-18 | 2023-08-19 | DAY
            昨晚看了电影           | 昨晚         | 2023-08-15 | 2023-08-16 | DAY
            今早跑步               | 今早         | 2023-08-16 | 2023-08-17 | DAY
            上周一起吃饭           | 上周         | 2023-08-07 | 2023-08-14 | WEEK
            上个星期三见面         | 上个星期三   | 2023-08-09 | 2023-08-10 | DAY
            上礼拜天见面           | 上礼拜天     | 2023-08-13 | 2023-08-14 | DAY
            上上周五见面           | 上上周五     | 2023-08-04 | 2023-08-05 | DAY
            本周三见面             | 本周三       | 2023-08-16 | 2023-08-17 | DAY
            下周五见面             | 下周五       | 2023-08-25 | 2023-08-26 | DAY
            星期五见面             | 星期五       | 2023-08-11 | 2023-08-12 | DAY
            上周末爬山             | 上周末       | 2023-08-12 | 2023-08-14 | WEEKEND
            周末爬山               | 周末         | 2023-08-12 | 2023-08-14 | WEEKEND
            上个月搬家             | 上个月       | 2023-07-01 | 2023-08-01 | MONTH
            上个月7号搬家          | 上个月7号    | 2023-07-07 | 2023-07-08 | DAY
            本月搬家               | 本月         | 2023-08-01 | 2023-09-01 | MONTH
            前年搬家               | 前年         | 2021-01-01 | 2022-01-01 | YEAR
            去年的事               | 去年         | 2022-01-01 | 2023-01-01 | YEAR
            去年夏天搬家           | 去年夏天     | 2022-06-01 | 2022-09-01 | SEASON
            明年三月搬家           | 明年三月     | 2024-03-01 | 2024-04-01 | MONTH
            三天前天气好           | 三天前       | 2023-08-13 | 2023-08-14 | DAY
            二十三天前搬家         | 二十三天前   | 2023-07-24 | 2023-07-25 | DAY
            两周前搬家             | 两周前       | 2023-07-31 | 2023-08-07 | WEEK
            3个星期前搬家          | 3个星期前    | 2023-07-24 | 2023-07-31 | WEEK
            两个月前搬家           | 两个月前     | 2023-06-01 | 2023-07-01 | MONTH
            五年前搬家             | 五年前       | 2018-01-01 | 2019-01-01 | YEAR
            半年前搬家             | 半年前       | 2023-02-01 | 2023-03-01 | MONTH
            几天前搬家             | 几天前       | 2023-08-11 | 2023-08-15 | SPAN
            十天后搬家             | 十天后       | 2023-08-26 | 2023-08-27 | DAY
            最近三天很忙           | 最近三天     | 2023-08-13 | 2023-08-17 | SPAN
            过去两周很忙           | 过去两周     | 2023-08-02 | 2023-08-17 | SPAN
            我们五月七号见面       | 五月七号     | 2023-05-07 | 2023-05-08 | DAY
            我们12月见面           | 12月         | 2022-12-01 | 2023-01-01 | MONTH
            从5月到7月很忙         | 从5月到7月   | 2023-05-01 | 2023-08-01 | SPAN
            去年以来很忙           | 去年以来     | 2022-01-01 | 2023-08-17 | SPAN
            """)
    void chinese_words_that_lean_on_the_reference_are_resolved(
            String text, String words, LocalDate from, LocalDate until, TimePrecision precision) {
        assertThat(TimeExpressionFinder.find(text, NOW))
                .containsExactly(expected(text, words, from, until, precision, true));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            我们2022年5月7日见面         | 2022年5月7日               | 2022-05-07 | 2022-05-08 | DAY
            2022 年 5 月 7 日（周六）    | 2022 年 5 月 7 日（周六）  | 2022-05-07 | 2022-05-08 | DAY
            我们2022年5月见面            | 2022年5月                  | 2022-05-01 | 2022-06-01 | MONTH
            我们二〇二二年见面           | 二〇二二年                 | 2022-01-01 | 2023-01-01 | YEAR
            我在2022-05-07见到她         | 2022-05-07                 | 2022-05-07 | 2022-05-08 | DAY
            2022年5月7日那周             | 2022年5月7日那周           | 2022-05-02 | 2022-05-09 | WEEK
            2022年5月1日到6月3日         | 2022年5月1日到6月3日       | 2022-05-01 | 2022-06-04 | SPAN
            """)
    void chinese_dates_do_not_depend_on_the_reference(
            String text, String words, LocalDate from, LocalDate until, TimePrecision precision) {
        assertThat(TimeExpressionFinder.find(text, NOW))
                .containsExactly(expected(text, words, from, until, precision, false));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "雨停之后天气很好",
                "说明天气的文章",
                "每周三跑步，一周一次",
                "日本周边",
                "他以前年轻，如今年轻人多",
                "晚上月亮很圆，登上月球",
                "当今天下",
                "接近三年，几十年前，第三天后"
            })
    void chinese_false_friends_are_no_times(String text) {
        assertThat(TimeExpressionFinder.find(text, NOW)).isEmpty();
    }

    private static TimeExpression expected(
            String text, String words, LocalDate from, LocalDate until, TimePrecision precision, boolean relative) {
        int start = text.indexOf(words);
        return new TimeExpression(words, start, start + words.length(), from, until, precision, relative);
    }
}
