package io.memos4j.core.lifecycle;

import io.memos4j.spi.Use;
import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

class AskRateTest {
    private static final Instant START = Instant.parse("2026-03-02T09:00:00Z");

    @Test
    void aSteadyRateIsFoundAndForgottenWithinWeeks() {
        Use use = new Use(0, 0, START);
        Instant now = START;
        for (int i = 0; i < 60 * 24; i++) {
            now = START.plus(Duration.ofHours(i));
            use = AskRate.asked(use, now);
        }
        assertThat(AskRate.perDay(use, now)).isCloseTo(24, within(0.5));
        assertThat(AskRate.perDay(use, now.plus(Duration.ofDays(7)))).isCloseTo(12, within(0.3));
        assertThat(use.uses()).isEqualTo(60 * 24);
    }

    @Test
    void aClockThatWasSetBackDoesNotRaiseIt() {
        Use use = AskRate.asked(new Use(3, 3, START), START.minus(Duration.ofDays(90)));
        assertThat(use.heat()).isEqualTo(4);
        assertThat(use.usedAt()).isEqualTo(START);
    }
}
