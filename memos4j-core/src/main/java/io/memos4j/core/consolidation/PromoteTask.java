package io.memos4j.core.consolidation;

import io.memos4j.api.ItemId;
import io.memos4j.api.MemoryItem;
import io.memos4j.core.scheduler.Outcome;
import io.memos4j.core.scheduler.TaskHandler;
import io.memos4j.core.scheduler.TaskRun;
import io.memos4j.spi.CubeKey;
import io.memos4j.spi.CubeRow;
import io.memos4j.spi.Promotable;
import io.memos4j.spi.PromotionTarget;
import io.memos4j.spi.Vault;
import io.memos4j.spi.VaultReader;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Offers the memories of a cube that are hot and stable to activation and parametric memory. Changes nothing itself. Thread-safe. */
public final class PromoteTask implements TaskHandler {
    /** Memories that are looked at, hottest first. */
    private static final int HOTTEST = 200;

    private static final long FEWEST_USES = 3;
    private static final Duration STABLE = Duration.ofDays(7);

    private final Vault vault;
    private final Hottest hottest;
    private final List<PromotionTarget> targets;
    private final InstantSource clock;

    /** How a memory is used; {@code share} as in {@link Promotable}. */
    public record Use(ItemId item, long uses, double heat, double share) {}

    /** Knows which memories are used most. */
    @FunctionalInterface
    public interface Hottest {
        /** The hottest memories of a cube, hottest first. */
        List<Use> of(VaultReader reader, CubeKey cube, int limit);
    }

    public PromoteTask(Vault vault, Hottest hottest, List<PromotionTarget> targets, InstantSource clock) {
        this.vault = vault;
        this.hottest = hottest;
        this.targets = List.copyOf(targets);
        this.clock = clock;
    }

    @Override
    public Outcome run(TaskRun run) {
        if (targets.isEmpty()) {
            return Outcome.done("nothing takes promoted memories");
        }
        List<Promotable> promotable = vault.read(reader -> promotable(reader, run.cube()));
        targets.forEach(target -> target.offer(run.cube().id(), promotable));
        return Outcome.done(promotable.size() + " memories offered");
    }

    private List<Promotable> promotable(VaultReader reader, CubeRow cube) {
        Instant latest = clock.instant().minus(STABLE);
        Map<ItemId, Use> uses = new LinkedHashMap<>();
        hottest.of(reader, cube.key(), HOTTEST).stream()
                .filter(use -> use.uses >= FEWEST_USES)
                .forEach(use -> uses.put(use.item, use));
        return reader.items(cube.key(), uses.keySet()).stream()
                .filter(item -> item.state().recalled()
                        && item.times().updatedAt().isBefore(latest)
                        && item.times().heldAt(clock.instant()))
                .map(item -> promotable(item, uses.getOrDefault(item.id(), new Use(item.id(), 0, 0, 0))))
                .toList();
    }

    private static Promotable promotable(MemoryItem item, Use use) {
        return new Promotable(item, use.uses, use.heat, use.share, item.times().updatedAt());
    }
}
