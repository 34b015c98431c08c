package io.memos4j.core.retention;

import io.memos4j.api.ItemId;
import io.memos4j.core.consolidation.PromoteTask;
import io.memos4j.spi.CubeKey;
import io.memos4j.spi.retention.UsageRecord;
import io.memos4j.spi.vault.VaultReader;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Comparator;
import java.util.List;

/** Finds the hottest of the items of a cube that were used last. Thread-safe. */
public final class HottestUsedItems implements PromoteTask.HottestMemories {
    /** The factor on items to read, since those used last are not always those used most. */
    private static final int OVERFETCH = 10;

    private final InstantSource clock;

    public HottestUsedItems(InstantSource clock) {
        this.clock = clock;
    }

    @Override
    public List<PromoteTask.MemoryUse> find(VaultReader reader, CubeKey cube, int limit) {
        HeatCurve curve = HeatCurve.of(reader.usage().policy(cube));
        Instant at = clock.instant();
        long asks = reader.usage().cubeUsage(cube).map(UsageRecord::uses).orElse(0L);
        return reader.usage().lastUsed(cube, OVERFETCH * limit).stream()
                .map(each -> use(each.item(), each.use(), curve.heatAt(each.use(), at), asks))
                .sorted(Comparator.comparingDouble(PromoteTask.MemoryUse::heat).reversed())
                .limit(limit)
                .toList();
    }

    /** The share of all searches that found an item, less as it cools. */
    private static PromoteTask.MemoryUse use(ItemId item, UsageRecord use, double heat, long asks) {
        double share = Math.min(1, (double) use.uses() / Math.max(asks, use.uses())) * heat / use.heat();
        return new PromoteTask.MemoryUse(item, use.uses(), heat, share);
    }
}
