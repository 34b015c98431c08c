package io.memos4j.core;

import io.memos4j.api.ItemId;
import io.memos4j.core.consolidation.PromoteTask;
import io.memos4j.core.lifecycle.HeatCurve;
import io.memos4j.spi.Use;
import io.memos4j.spi.VaultReader;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.Map;

/** What was used last of a cube, hottest first. */
final class LastUsed {
    private LastUsed() {}

    static List<PromoteTask.Use> hottest(VaultReader reader, long cube, int limit) {
        HeatCurve curve = HeatCurve.of(reader.usage().policy(cube));
        List<Map.Entry<ItemId, Use>> last = reader.usage().lastUsed(cube, 10 * limit);
        Instant now =
                last.isEmpty() ? Instant.EPOCH : last.getFirst().getValue().usedAt();
        return last.stream()
                .map(each -> new PromoteTask.Use(each.getKey(), each.getValue().uses(), curve.at(each.getValue(), now)))
                .sorted(Comparator.comparingDouble(PromoteTask.Use::heat).reversed())
                .limit(limit)
                .toList();
    }
}
