package io.memos4j.core.search;

import io.memos4j.api.ItemId;
import io.memos4j.api.items.Filter;
import io.memos4j.api.items.MemoryItem;
import io.memos4j.core.retention.UsageRecorder;
import io.memos4j.core.search.ScoreFusion.FusedCandidate;
import io.memos4j.spi.CubeKey;
import io.memos4j.spi.index.Passage;
import io.memos4j.spi.items.PassageVector;
import io.memos4j.spi.retention.WorkingMemoryEntry;
import io.memos4j.spi.vault.VaultReader;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.Optional;

/** The current state of a cube: the index has applied the filter and ranked the current texts. */
record CurrentView(CubeKey cube, UsageRecorder usage) implements TimeView {
    @Override
    public Optional<Instant> nextExpiry(VaultReader reader) {
        return reader.usage().nextExpiry(cube);
    }

    @Override
    public List<WorkingMemoryEntry> workingMemory(VaultReader reader, String session, Instant now) {
        return usage.workingMemory(reader, cube, session, now);
    }

    @Override
    public Filter indexFilter(Filter filter) {
        return filter;
    }

    @Override
    public int indexLimit(int limit) {
        return limit;
    }

    @Override
    public List<FusedCandidate> reconcile(List<FusedCandidate> fused, Filter filter, SearchTrace trace) {
        return fused;
    }

    @Override
    public List<MemoryItem> items(VaultReader reader, Collection<ItemId> ids) {
        return reader.items(cube, ids);
    }

    @Override
    public List<MemoryItem> matching(VaultReader reader, Collection<ItemId> ids, Filter filter) {
        return reader.items(cube, ids);
    }

    @Override
    public List<Passage> passages(VaultReader reader, MemoryItem item) {
        return reader.passages(cube, item.id());
    }

    @Override
    public List<PassageVector> vectors(VaultReader reader, ItemId item) {
        return reader.vectors(cube, List.of(item));
    }
}
