package io.memos4j.core.retention;

import io.memos4j.spi.retention.UsageRecord;
import java.time.Duration;
import java.time.Instant;

/** The rate at which a cube is searched: an average that halves the weight of the past every week. */
public final class QueryRate {
    private static final Duration HALF_LIFE = Duration.ofDays(7);

    private QueryRate() {}

    /** The use after one more query. */
    public static UsageRecord afterQuery(UsageRecord former, Instant at) {
        Instant last = ExponentialDecay.later(at, former.usedAt());
        return new UsageRecord(former.uses() + 1, heat(former, last) + 1, last);
    }

    /** The recent queries per day. */
    public static double perDay(UsageRecord use, Instant now) {
        return heat(use, now) * Math.log(2) / HALF_LIFE.toDays();
    }

    private static double heat(UsageRecord use, Instant now) {
        return ExponentialDecay.decay(use.heat(), use.usedAt(), now, HALF_LIFE.toMillis());
    }
}
