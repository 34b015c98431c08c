package io.memos4j.core.lifecycle;

import io.memos4j.api.Policy;
import io.memos4j.spi.Use;
import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

/** The numbers of the heat curve. */
class HeatCurveTest {
    private static final Instant START = Instant.parse("2025-03-01T10:00:00Z");
    private static final HeatCurve CURVE = HeatCurve.of(Policy.DEFAULT);

    private static Instant day(int number) {
        return START.plus(Duration.ofDays(number));
    }

    @Test
    void anItemThatIsNeverUsedHalvesWithEachHalfLife() {
        Use fresh = HeatCurve.fresh(START);
        assertThat(CURVE.at(fresh, START)).isEqualTo(1);
        assertThat(CURVE.at(fresh, day(30))).isCloseTo(0.5, within(1e-9));
        assertThat(CURVE.at(fresh, day(90))).isCloseTo(0.125, within(1e-9));
    }

    @Test
    void aUseAddsOneToWhatIsLeftAndDoublesTheFirstHalfLife() {
        Use once = CURVE.used(HeatCurve.fresh(START), 1, day(30));
        assertThat(once).isEqualTo(new Use(1, 1.5, day(30)));
        assertThat(CURVE.at(once, day(90))).isCloseTo(0.75, within(1e-9));
    }

    @Test
    void strengthEndsAtTwelve() {
        Use often = new Use(1_000, 8, START);
        assertThat(CURVE.at(often, day(360))).isCloseTo(4, within(1e-9));
    }

    @Test
    void heatIsBounded() {
        assertThat(CURVE.used(HeatCurve.fresh(START), 100_000, START).heat()).isEqualTo(HeatCurve.MOST_HEAT);
    }

    @Test
    void aClockThatGoesBackwardsNeitherHeatsNorCools() {
        Use use = new Use(1, 1.5, day(10));
        assertThat(CURVE.at(use, START)).isEqualTo(1.5);
        Use again = CURVE.used(use, 1, START);
        assertThat(again).isEqualTo(new Use(2, 2.5, day(10)));
    }
}
