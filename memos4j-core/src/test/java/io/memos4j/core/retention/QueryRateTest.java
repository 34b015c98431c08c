package io.memos4j.core.retention;

import io.memos4j.spi.retention.UsageRecord;
import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

class QueryRateTest {
    private static final Instant START = Instant.parse("2026-03-02T09:00:00Z");

    @Test
    void aSteadyRateIsFoundAndForgottenWithinWeeks() {
        UsageRecord use = new UsageRecord(0, 0, START);
        Instant now = START;
        for (int i = 0; i < 60 * 24; i++) {
            now = START.plus(Duration.ofHours(i));
            use = QueryRate.afterQuery(use, now);
        }
        assertThat(QueryRate.perDay(use, now)).isCloseTo(24, within(0.5));
        assertThat(QueryRate.perDay(use, now.plus(Duration.ofDays(7)))).isCloseTo(12, within(0.3));
        assertThat(use.uses()).isEqualTo(60 * 24);
    }

    @Test
    void aClockThatWasSetBackDoesNotRaiseIt() {
        UsageRecord use = QueryRate.afterQuery(new UsageRecord(3, 3, START), START.minus(Duration.ofDays(90)));
        assertThat(use.heat()).isEqualTo(4);
        assertThat(use.usedAt()).isEqualTo(START);
    }
}
