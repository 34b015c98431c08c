package io.memos4j.core.search;

import io.memos4j.api.ItemId;
import io.memos4j.api.items.Filter;
import io.memos4j.api.items.MemoryItem;
import io.memos4j.core.search.ScoreFusion.FusedCandidate;
import io.memos4j.spi.CubeKey;
import io.memos4j.spi.index.Passage;
import io.memos4j.spi.items.PassageVector;
import io.memos4j.spi.vault.VaultReader;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.Optional;

/** The cube as it is: the index has applied the filter and ranked the current texts. */
record CurrentView(CubeKey cube) implements TimeView {
    @Override
    public Optional<Instant> instant() {
        return Optional.empty();
    }

    @Override
    public Optional<Instant> nextExpiry(VaultReader reader) {
        return reader.usage().nextExpiry(cube);
    }

    @Override
    public Filter forIndex(Filter filter) {
        return filter;
    }

    @Override
    public int forIndex(int limit) {
        return limit;
    }

    @Override
    public List<FusedCandidate> settle(List<FusedCandidate> fused, Filter filter, SearchTrace trace) {
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
    public List<PassageVector> vectors(VaultReader reader, Collection<ItemId> ids) {
        return reader.vectors(cube, ids);
    }
}
