package io.memos4j.core.search;

import io.memos4j.api.ItemId;
import io.memos4j.api.items.Filter;
import io.memos4j.api.items.MemoryItem;
import io.memos4j.core.search.ScoreFusion.FusedCandidate;
import io.memos4j.spi.index.Passage;
import io.memos4j.spi.items.PassageVector;
import io.memos4j.spi.vault.VaultReader;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.Optional;

/**
 * What a search takes for the cube: its present state, or a former one. The index knows the present alone, so a former
 * state turns its proposals into what they were. Used by one search, like it.
 */
sealed interface TimeView permits CurrentView, HistoricalView {
    /** When that was; empty for the present. */
    Optional<Instant> instant();

    /** When the next time to live of the cube ends; of a former state, at a time before all. */
    Optional<Instant> nextExpiry(VaultReader reader);

    /** What may be asked of the index so that nothing is missed that matches. */
    Filter forIndex(Filter filter);

    /** How many passages to ask the index for where so many are needed. */
    int forIndex(int limit);

    /** The ranking of those that match, with what the index does not know. */
    List<FusedCandidate> settle(List<FusedCandidate> fused, Filter filter, SearchTrace trace);

    /** The items; what is not there is left out. */
    List<MemoryItem> items(VaultReader reader, Collection<ItemId> ids);

    /** The items that match, and whose text is the one that the index ranked. */
    List<MemoryItem> matching(VaultReader reader, Collection<ItemId> ids, Filter filter);

    List<Passage> passages(VaultReader reader, MemoryItem item);

    List<PassageVector> vectors(VaultReader reader, Collection<ItemId> ids);
}
