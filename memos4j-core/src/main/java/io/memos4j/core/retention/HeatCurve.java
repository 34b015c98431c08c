package io.memos4j.core.retention;

import io.memos4j.api.retention.RetentionPolicy;
import io.memos4j.spi.retention.AgingItem;
import io.memos4j.spi.retention.UsageRecord;
import java.time.Duration;
import java.time.Instant;

/**
 * Computes how items cool and how use heats them.
 *
 * <p>After MemoryBank (Zhong et al., "MemoryBank: Enhancing Large Language Models with Long-Term Memory", 2023, arXiv
 * 2305.10250, section 2.3), which takes Ebbinghaus' curve R = e^(-t/S) and lets the strength S begin at 1 and grow by 1
 * with each recall. Here:
 *
 * <pre>heat(t) = heat0 * 2^(-(t - usedAt) / (halfLife * S)),  S = min(1 + uses, 12)</pre>
 *
 * <p>Where MemoryBank resets the curve to its top with each recall, a use adds 1 to the remaining heat, so that
 * frequently used items rank above those used once. Strength is bounded by 12, a year for a half-life of a month, and
 * heat by 100: an item that was needed a thousand times last spring must be able to cool. A clock that goes backwards
 * neither heats nor cools.
 */
public record HeatCurve(Duration halfLife) {
    static final int MOST_STRENGTH = 12;
    static final double MOST_HEAT = 100;

    public static HeatCurve of(RetentionPolicy policy) {
        return new HeatCurve(policy.halfLife());
    }

    /** The use of an item that was stored at an instant and never used. */
    public static UsageRecord unused(Instant recordedAt) {
        return new UsageRecord(0, 1, recordedAt);
    }

    /** The heat of an item at an instant. */
    public double heatAt(UsageRecord use, Instant now) {
        double strength = Math.min(1.0 + use.uses(), MOST_STRENGTH);
        return ExponentialDecay.decay(use.heat(), use.usedAt(), now, halfLife.toMillis() * strength);
    }

    /** The heat of an aging item. */
    public double heatAt(AgingItem aging, Instant now) {
        return heatAt(aging.use().orElseGet(() -> unused(aging.recordedAt())), now);
    }

    /** The use after so many more uses at an instant. */
    public UsageRecord afterUses(UsageRecord former, long times, Instant now) {
        Instant last = ExponentialDecay.later(now, former.usedAt());
        return new UsageRecord(former.uses() + times, Math.min(MOST_HEAT, heatAt(former, now) + times), last);
    }
}
