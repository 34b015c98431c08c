package io.memos4j.core.retention;

import io.memos4j.spi.retention.UsageRecord;
import java.time.Duration;
import java.time.Instant;

/** The rate at which a cube is searched: an average that halves the weight of the past every week. */
public final class QueryRate {
    private static final double HALF_LIFE_DAYS = 7;

    private QueryRate() {}

    /** The use after one more query. */
    public static UsageRecord afterQuery(UsageRecord former, Instant at) {
        Instant last = at.isAfter(former.usedAt()) ? at : former.usedAt();
        return new UsageRecord(former.uses() + 1, heat(former, last) + 1, last);
    }

    /** The recent queries per day. */
    public static double perDay(UsageRecord use, Instant now) {
        return heat(use, now) * Math.log(2) / HALF_LIFE_DAYS;
    }

    private static double heat(UsageRecord use, Instant now) {
        double days = Math.max(0, Duration.between(use.usedAt(), now).toMillis())
                / (double) Duration.ofDays(1).toMillis();
        return use.heat() * Math.pow(2, -days / HALF_LIFE_DAYS);
    }
}
