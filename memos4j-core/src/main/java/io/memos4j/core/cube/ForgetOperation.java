package io.memos4j.core.cube;

import io.memos4j.api.ItemId;
import io.memos4j.api.history.ChangeReason;
import io.memos4j.api.items.AddResult.Forgotten;
import io.memos4j.api.items.ItemState;
import io.memos4j.api.items.MemoryItem;
import io.memos4j.core.clock.MonotonicClock;
import io.memos4j.core.consolidation.DerivedMemoryRefresher;
import io.memos4j.core.history.ConsolidationMarker;
import io.memos4j.spi.CubeKey;
import io.memos4j.spi.items.StoredItem;
import io.memos4j.spi.vault.VaultWriter;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/**
 * Forgets memories at the request of a message: withholds them, and everything made from them, until the grace period
 * of the cube's policy ends; the expiry task erases them then. Without a grace period they are erased at once. Works
 * inside the caller's transaction. Thread-safe.
 *
 * <p>Summaries and profiles are erased at once and written anew without the memories, unless a user has edited them.
 */
public final class ForgetOperation {
    private static final ChangeReason ASKED = ChangeReason.of("request-to-forget", 0.9);
    private static final ChangeReason SOURCE = ChangeReason.of("source-forgotten", 1);

    private final DeleteOperation deletion;
    private final DerivedMemoryRefresher refresher;
    private final MonotonicClock clock;

    public ForgetOperation(DeleteOperation deletion, DerivedMemoryRefresher refresher, MonotonicClock clock) {
        this.deletion = deletion;
        this.refresher = refresher;
        this.clock = clock;
    }

    /** Returns when what is forgotten now is erased. */
    public Instant erasureTime(VaultWriter writer, CubeKey cube) {
        return clock.present().plus(grace(writer, cube));
    }

    private static Duration grace(VaultWriter writer, CubeKey cube) {
        return writer.usage().policy(cube).forgetAfter();
    }

    /** Withholds a message that carries a request, or answers one, from its first version on. */
    public StoredItem withhold(StoredItem message, ItemId request, Instant erasedAt) {
        MemoryItem withheld = message.item().withState(ItemState.FORGOTTEN).expiring(Optional.of(erasedAt));
        return message.with(withheld, "heeded").because(ASKED.because(request));
    }

    /**
     * Forgets stored memories.
     *
     * @param input position of the request
     * @param request the message, already withheld
     * @return every memory that is withheld or erased because of it, in order
     */
    public List<Forgotten> forget(
            VaultWriter writer, CubeKey cube, int input, ItemId request, List<MemoryItem> covered) {
        Instant erasedAt = writer.findItem(cube, request)
                .flatMap(item -> item.times().expiresAt())
                .orElseGet(() -> erasureTime(writer, cube));
        List<ItemId> ids = covered.stream().map(MemoryItem::id).toList();
        List<MemoryItem> derived = writer.items(cube, writer.derivedFrom(cube, ids)).stream()
                .filter(item -> item.state() != ItemState.FORGOTTEN)
                .toList();
        List<Forgotten> forgotten = Stream.concat(covered.stream(), derived.stream())
                .map(item -> new Forgotten(input, item.id(), erasedAt))
                .toList();
        if (grace(writer, cube).isZero()) {
            deletion.erase(writer, cube, with(ids, writer.history().forgottenBy(cube, request)));
            return forgotten;
        }
        covered.forEach(item -> withhold(writer, cube, item, erasedAt, ASKED.because(request)));
        List<ItemId> rebuilt = derived.stream()
                .filter(item -> isRebuilt(writer, cube, item))
                .map(MemoryItem::id)
                .toList();
        derived.stream()
                .filter(item -> !rebuilt.contains(item.id()))
                .forEach(item -> withhold(writer, cube, item, erasedAt, SOURCE.because(request)));
        refresher.scheduleRefresh(writer, cube, rebuilt);
        writer.erase(cube, rebuilt, clock.present());
        return forgotten;
    }

    private static List<ItemId> with(Collection<ItemId> some, Collection<ItemId> others) {
        Set<ItemId> all = new HashSet<>(some);
        all.addAll(others);
        return new ArrayList<>(all);
    }

    private void withhold(VaultWriter writer, CubeKey cube, MemoryItem item, Instant erasedAt, ChangeReason reason) {
        MemoryItem withheld = item.next(ItemState.FORGOTTEN, item.times().validTo(), clock.instant())
                .expiring(Optional.of(erasedAt));
        writer.replace(
                cube, StoredItem.withUnchangedText(withheld, "asked to forget").because(reason));
    }

    /** Returns whether consolidation made the present version of a memory and makes it again. */
    private static boolean isRebuilt(VaultWriter writer, CubeKey cube, MemoryItem item) {
        return ConsolidationMarker.isConsolidated(item)
                && item.state() != ItemState.FROZEN
                && writer.versions(cube, item.id()).getLast().actor().isTask();
    }
}
