package io.memos4j.core.consolidation;

import io.memos4j.api.ItemId;
import io.memos4j.api.items.MemoryItem;
import io.memos4j.core.tasks.TaskHandler;
import io.memos4j.core.tasks.TaskOutcome;
import io.memos4j.core.tasks.TaskRun;
import io.memos4j.spi.CubeKey;
import io.memos4j.spi.CubeRow;
import io.memos4j.spi.kvcache.PromotionCandidate;
import io.memos4j.spi.kvcache.PromotionTarget;
import io.memos4j.spi.vault.Vault;
import io.memos4j.spi.vault.VaultReader;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Offers the hot and stable memories of a cube to activation and parametric memory. Read-only. Thread-safe. */
public final class PromoteTask implements TaskHandler {
    /** The most memories considered, hottest first. */
    private static final int MAX_CONSIDERED = 200;

    private static final long MIN_USES = 3;
    private static final Duration MIN_UNCHANGED = Duration.ofDays(7);

    private final Vault vault;
    private final HottestMemories hottest;
    private final List<PromotionTarget> targets;
    private final InstantSource clock;

    /** The usage of a memory; {@code share} as in {@link PromotionCandidate}. */
    public record MemoryUse(ItemId item, long uses, double heat, double share) {}

    /** Finds the memories that are used most. */
    @FunctionalInterface
    public interface HottestMemories {
        /** Returns the hottest memories of a cube, hottest first. */
        List<MemoryUse> find(VaultReader reader, CubeKey cube, int limit);
    }

    public PromoteTask(Vault vault, HottestMemories hottest, List<PromotionTarget> targets, InstantSource clock) {
        this.vault = vault;
        this.hottest = hottest;
        this.targets = List.copyOf(targets);
        this.clock = clock;
    }

    @Override
    public TaskOutcome run(TaskRun run) {
        if (targets.isEmpty()) {
            return TaskOutcome.done("no target for promoted memories is configured");
        }
        List<PromotionCandidate> promotable = vault.read(reader -> promotable(reader, run.cube()));
        targets.forEach(target -> target.offer(run.cube().id(), promotable));
        return TaskOutcome.done(promotable.size() + " memories offered");
    }

    private List<PromotionCandidate> promotable(VaultReader reader, CubeRow cube) {
        Instant latest = clock.instant().minus(MIN_UNCHANGED);
        Map<ItemId, MemoryUse> uses = new LinkedHashMap<>();
        hottest.find(reader, cube.key(), MAX_CONSIDERED).stream()
                .filter(use -> use.uses >= MIN_USES)
                .forEach(use -> uses.put(use.item, use));
        return reader.items(cube.key(), uses.keySet()).stream()
                .filter(item -> item.state().isRecalled()
                        && item.times().updatedAt().isBefore(latest)
                        && item.times().isValidAt(clock.instant()))
                .map(item -> promotable(item, uses.getOrDefault(item.id(), new MemoryUse(item.id(), 0, 0, 0))))
                .toList();
    }

    private static PromotionCandidate promotable(MemoryItem item, MemoryUse use) {
        return new PromotionCandidate(
                item, use.uses, use.heat, use.share, item.times().updatedAt());
    }
}
