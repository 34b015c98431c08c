package io.memos4j.core.lifecycle;

import io.memos4j.spi.Use;
import java.time.Duration;
import java.time.Instant;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.LongRange;

import static org.assertj.core.api.Assertions.assertThat;

/** Laws of the order that heat gives. */
class HeatCurvePropertyTest {
    private static final Instant START = Instant.parse("2025-03-01T10:00:00Z");

    private static Instant hour(long number) {
        return START.plus(Duration.ofHours(number));
    }

    private static HeatCurve curve(int days) {
        return new HeatCurve(Duration.ofDays(days));
    }

    @Property
    void heatNeverGrowsWithTime(
            @ForAll @IntRange(min = 1, max = 400) int days,
            @ForAll @IntRange(max = 50) int uses,
            @ForAll @LongRange(min = -1_000, max = 50_000) long from,
            @ForAll @LongRange(max = 50_000) long more) {
        Use use = new Use(uses, 1.0 + uses, START);
        assertThat(curve(days).at(use, hour(from + more)))
                .isLessThanOrEqualTo(curve(days).at(use, hour(from)));
    }

    @Property
    void ofTwoItemsOfOneAgeTheOneThatWasUsedOnceMoreIsHotter(
            @ForAll @IntRange(min = 1, max = 400) int days,
            @ForAll @IntRange(max = 50) int uses,
            @ForAll @LongRange(max = 10_000) long used,
            @ForAll @LongRange(max = 10_000) long asked) {
        HeatCurve curve = curve(days);
        Use less = HeatCurve.fresh(START);
        for (int i = 0; i < uses; i++) {
            less = curve.used(less, 1, hour(used));
        }
        Use more = curve.used(less, 1, hour(used));
        assertThat(curve.at(more, hour(used + asked))).isGreaterThan(curve.at(less, hour(used + asked)));
    }

    @Property
    void ofTwoItemsUsedEquallyOftenTheOneThatWasUsedLaterIsHotter(
            @ForAll @IntRange(min = 1, max = 400) int days,
            @ForAll @LongRange(max = 10_000) long earlier,
            @ForAll @LongRange(min = 1, max = 10_000) long apart,
            @ForAll @LongRange(max = 10_000) long asked) {
        HeatCurve curve = curve(days);
        Use first = curve.used(HeatCurve.fresh(START), 1, hour(earlier));
        Use second = curve.used(HeatCurve.fresh(START), 1, hour(earlier + apart));
        Instant now = hour(earlier + apart + asked);
        assertThat(curve.at(second, now)).isGreaterThanOrEqualTo(curve.at(first, now));
    }
}
