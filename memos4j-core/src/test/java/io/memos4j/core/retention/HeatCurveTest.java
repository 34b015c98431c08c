package io.memos4j.core.retention;

import io.memos4j.api.retention.RetentionPolicy;
import io.memos4j.spi.retention.UsageRecord;
import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

/** The numbers of the heat curve. */
class HeatCurveTest {
    private static final Instant START = Instant.parse("2025-03-01T10:00:00Z");
    private static final HeatCurve CURVE = HeatCurve.of(RetentionPolicy.DEFAULT);

    private static Instant day(int number) {
        return START.plus(Duration.ofDays(number));
    }

    @Test
    void anItemThatIsNeverUsedHalvesWithEachHalfLife() {
        UsageRecord fresh = HeatCurve.unused(START);
        assertThat(CURVE.heatAt(fresh, START)).isEqualTo(1);
        assertThat(CURVE.heatAt(fresh, day(30))).isCloseTo(0.5, within(1e-9));
        assertThat(CURVE.heatAt(fresh, day(90))).isCloseTo(0.125, within(1e-9));
    }

    @Test
    void aUseAddsOneToWhatIsLeftAndDoublesTheFirstHalfLife() {
        UsageRecord once = CURVE.afterUses(HeatCurve.unused(START), 1, day(30));
        assertThat(once).isEqualTo(new UsageRecord(1, 1.5, day(30)));
        assertThat(CURVE.heatAt(once, day(90))).isCloseTo(0.75, within(1e-9));
    }

    @Test
    void strengthEndsAtTwelve() {
        UsageRecord often = new UsageRecord(1_000, 8, START);
        assertThat(CURVE.heatAt(often, day(360))).isCloseTo(4, within(1e-9));
    }

    @Test
    void heatIsBounded() {
        assertThat(CURVE.afterUses(HeatCurve.unused(START), 100_000, START).heat())
                .isEqualTo(HeatCurve.MOST_HEAT);
    }

    @Test
    void aClockThatGoesBackwardsNeitherHeatsNorCools() {
        UsageRecord use = new UsageRecord(1, 1.5, day(10));
        assertThat(CURVE.heatAt(use, START)).isEqualTo(1.5);
        UsageRecord again = CURVE.afterUses(use, 1, START);
        assertThat(again).isEqualTo(new UsageRecord(2, 2.5, day(10)));
    }
}
