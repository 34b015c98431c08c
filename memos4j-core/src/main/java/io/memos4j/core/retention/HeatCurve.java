package io.memos4j.core.retention;

import io.memos4j.api.retention.RetentionPolicy;
import io.memos4j.spi.retention.AgingItem;
import io.memos4j.spi.retention.UsageRecord;
import java.time.Duration;
import java.time.Instant;

/**
 * How items cool and how use heats them.
 *
 * <p>After MemoryBank (Zhong et al., "MemoryBank: Enhancing Large Language Models with Long-Term Memory", 2023, arXiv
 * 2305.10250, section 2.3), which takes Ebbinghaus' curve R = e^(-t/S) and lets the strength S begin at 1 and grow by 1
 * with each recall. Here:
 *
 * <pre>heat(t) = heat0 * 2^(-(t - usedAt) / (halfLife * S)),  S = min(1 + uses, 12)</pre>
 *
 * <p>Where MemoryBank sets the curve back to its top with each recall, a use adds 1 to what is left, so that what is
 * used often lies above what was used once. Strength ends at 12, a year for a half-life of a month, and heat at 100:
 * what was needed a thousand times last spring must be able to cool. A clock that goes backwards neither heats nor
 * cools.
 */
public record HeatCurve(Duration halfLife) {
    static final int MOST_STRENGTH = 12;
    static final double MOST_HEAT = 100;

    public static HeatCurve of(RetentionPolicy policy) {
        return new HeatCurve(policy.halfLife());
    }

    /** An item that was never used, as it stands when it is stored. */
    public static UsageRecord unused(Instant recordedAt) {
        return new UsageRecord(0, 1, recordedAt);
    }

    /** The heat at an instant. */
    public double heatAt(UsageRecord use, Instant now) {
        double strength = Math.min(1.0 + use.uses(), MOST_STRENGTH);
        double elapsed = Math.max(0, Duration.between(use.usedAt(), now).toMillis());
        return use.heat() * Math.pow(2, -elapsed / (halfLife.toMillis() * strength));
    }

    /** The heat of an aging item. */
    public double heatAt(AgingItem aging, Instant now) {
        return heatAt(aging.use().orElseGet(() -> unused(aging.recordedAt())), now);
    }

    /** After so many uses at an instant. */
    public UsageRecord afterUses(UsageRecord former, long times, Instant now) {
        Instant last = now.isAfter(former.usedAt()) ? now : former.usedAt();
        return new UsageRecord(former.uses() + times, Math.min(MOST_HEAT, heatAt(former, now) + times), last);
    }
}
