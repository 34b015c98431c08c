package io.memos4j.core.kvcache;

import io.memos4j.core.kvcache.PromotionRule.Decision;
import io.memos4j.spi.kvcache.PromotionCandidate;
import io.memos4j.testkit.SampleItems;
import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

class PromotionRuleTest {
    private static final Instant NOW = Instant.parse("2026-03-02T09:00:00Z");
    private static final int BLOCK = 1_000;

    private static Decision decide(double share, long daysUnchanged, double questions, boolean standsThere) {
        PromotionCandidate memory = new PromotionCandidate(
                SampleItems.message(1, "text"), 9, 3, share, NOW.minus(Duration.ofDays(daysUnchanged)));
        return new PromotionRule(questions, BLOCK, NOW).decide(memory, 100, standsThere);
    }

    @Test
    void whatIsAskedForOftenAndUnchangedForLongIsPromoted() {
        Decision decision = decide(0.5, 30, 40, false);
        assertThat(decision.promoted()).isTrue();
        assertThat(decision.savedTokens()).isEqualTo(40 * 0.4 * 100 - 1_000.0 / 32);
        assertThat(decision.reason())
                .isEqualTo("asked for in 50 % of 40.0 questions a day and unchanged for 30 days: its 100 tokens at the"
                        + " beginning save 1569 computed tokens a day");
    }

    @Test
    void whatCostsMoreThanItSavesIsNot() {
        assertThat(decide(0.15, 30, 40, false).promoted()).isFalse();
        assertThat(decide(0.5, 0, 5, false).promoted()).isFalse();
        assertThat(decide(0.5, 30, 0, false).promoted()).isFalse();
        assertThat(decide(0.05, 300, 40, true).promoted()).isFalse();
        assertThat(decide(0.05, 300, 40, true).reason()).contains("would cost");
    }

    @Test
    void whatStandsThereStaysLongerThanItWouldTakeToCome() {
        assertThat(decide(0.15, 300, 40, true).promoted()).isTrue();
        assertThat(decide(0.15, 300, 40, false).promoted()).isFalse();
    }

    @Test
    void aClockThatWasSetBackDoesNoHarm() {
        assertThat(decide(0.5, -10, 40, false).savedTokens()).isEqualTo(40 * 0.4 * 100 - 500);
    }
}
