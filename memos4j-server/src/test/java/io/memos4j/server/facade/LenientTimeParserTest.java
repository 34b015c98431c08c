package io.memos4j.server.facade;

import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneId;
import java.time.ZoneOffset;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.node.DoubleNode;
import tools.jackson.databind.node.LongNode;
import tools.jackson.databind.node.StringNode;

import static org.assertj.core.api.Assertions.assertThat;

class LenientTimeParserTest {
    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            2024-05-17 09:30                 | 2024-05-17T09:30:00Z
            2024-05-17                       | 2024-05-17T00:00:00Z
            2024-05-17T09:30:15.5            | 2024-05-17T09:30:15.500Z
            2024-05-17T09:30:00Z             | 2024-05-17T09:30:00Z
            2024-05-17T09:30:00+02:00        | 2024-05-17T07:30:00Z
            2024-05-17 09:30:00+0530         | 2024-05-17T04:00:00Z
            2025-09-18T08:23:44.625479000+00:00 | 2025-09-18T08:23:44.625479Z
            1:56 pm on 8 May, 2023           | 2023-05-08T13:56:00Z
            12:05 am on 8 May, 2023          | 2023-05-08T00:05:00Z
            8 May 2023                       | 2023-05-08T00:00:00Z
            May 8, 2023 1:56 PM              | 2023-05-08T13:56:00Z
            September 1st, 2023 at 9 a.m.    | 2023-09-01T09:00:00Z
            2023/05/20 (Sat) 02:21           | 2023-05-20T02:21:00Z
            2024年5月17日 09:30              | 2024-05-17T09:30:00Z
            1715938200                       | 2024-05-17T09:30:00Z
            1715938200000                    | 2024-05-17T09:30:00Z
            """)
    void isReadInUtcUnlessItSaysOtherwise(String text, Instant time) {
        assertThat(LenientTimeParser.parse(new StringNode(text), ZoneOffset.UTC).map(OffsetDateTime::toInstant))
                .contains(time);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "yesterday",
                "soon",
                "2024-13-45",
                "99:99 on 8 May, 2023",
                "09:30",
                "May",
                "-1",
                "'; DROP TABLE x"
            })
    void isNothingWhereNoDayIsNamed(String text) {
        assertThat(LenientTimeParser.parse(new StringNode(text), ZoneOffset.UTC))
                .isEmpty();
    }

    @org.junit.jupiter.api.Test
    void mayBeANumber() {
        assertThat(LenientTimeParser.parse(new LongNode(1_715_938_200L), ZoneOffset.UTC)
                        .map(OffsetDateTime::toInstant))
                .contains(Instant.parse("2024-05-17T09:30:00Z"));
        assertThat(LenientTimeParser.parse(new DoubleNode(1_715_938_200.25), ZoneOffset.UTC)
                        .map(OffsetDateTime::toInstant))
                .contains(Instant.parse("2024-05-17T09:30:00.250Z"));
        assertThat(LenientTimeParser.parse(new DoubleNode(Double.NaN), ZoneOffset.UTC))
                .isEmpty();
        assertThat(LenientTimeParser.parse(new DoubleNode(1e300), ZoneOffset.UTC))
                .isEmpty();
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            2024-05-17 09:30           | Asia/Tokyo    | 2024-05-17T09:30+09:00
            8 May 2023                 | Europe/Berlin | 2023-05-08T00:00+02:00
            2024-05-17T09:30:00+05:30  | Asia/Tokyo    | 2024-05-17T09:30+05:30
            2024-05-17T09:30:00Z       | Asia/Tokyo    | 2024-05-17T09:30Z
            2024-03-31 02:30           | Europe/Berlin | 2024-03-31T03:30+02:00
            2024-10-27 02:30           | Europe/Berlin | 2024-10-27T02:30+02:00
            """)
    void isReadInTheZoneOfTheRequestUnlessItNamesOne(String text, String zone, OffsetDateTime time) {
        assertThat(LenientTimeParser.parse(new StringNode(text), ZoneId.of(zone)))
                .contains(time);
    }
}
