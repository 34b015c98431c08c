package io.memos4j.core.retention;

import io.memos4j.spi.retention.UsageRecord;
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
        UsageRecord use = new UsageRecord(uses, 1.0 + uses, START);
        assertThat(curve(days).heatAt(use, hour(from + more)))
                .isLessThanOrEqualTo(curve(days).heatAt(use, hour(from)));
    }

    @Property
    void ofTwoItemsOfOneAgeTheOneThatWasUsedOnceMoreIsHotter(
            @ForAll @IntRange(min = 1, max = 400) int days,
            @ForAll @IntRange(max = 50) int uses,
            @ForAll @LongRange(max = 10_000) long used,
            @ForAll @LongRange(max = 10_000) long asked) {
        HeatCurve curve = curve(days);
        UsageRecord less = HeatCurve.unused(START);
        for (int i = 0; i < uses; i++) {
            less = curve.afterUses(less, 1, hour(used));
        }
        UsageRecord more = curve.afterUses(less, 1, hour(used));
        assertThat(curve.heatAt(more, hour(used + asked))).isGreaterThan(curve.heatAt(less, hour(used + asked)));
    }

    @Property
    void ofTwoItemsUsedEquallyOftenTheOneThatWasUsedLaterIsHotter(
            @ForAll @IntRange(min = 1, max = 400) int days,
            @ForAll @LongRange(max = 10_000) long earlier,
            @ForAll @LongRange(min = 1, max = 10_000) long apart,
            @ForAll @LongRange(max = 10_000) long asked) {
        HeatCurve curve = curve(days);
        UsageRecord first = curve.afterUses(HeatCurve.unused(START), 1, hour(earlier));
        UsageRecord second = curve.afterUses(HeatCurve.unused(START), 1, hour(earlier + apart));
        Instant now = hour(earlier + apart + asked);
        assertThat(curve.heatAt(second, now)).isGreaterThanOrEqualTo(curve.heatAt(first, now));
    }
}
