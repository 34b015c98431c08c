package io.memos4j.core.search;

import io.memos4j.api.ItemId;
import io.memos4j.api.items.Filter;
import io.memos4j.api.items.MemoryItem;
import io.memos4j.core.search.ScoreFusion.FusedCandidate;
import io.memos4j.spi.index.Passage;
import io.memos4j.spi.items.PassageVector;
import io.memos4j.spi.retention.WorkingMemoryEntry;
import io.memos4j.spi.vault.VaultReader;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.Optional;

/**
 * The state of a cube that a search reads: the current one or a historical one. The index knows only the current state,
 * so a historical view corrects what the index proposes. Used by one search.
 */
sealed interface TimeView permits CurrentView, HistoricalView, RedactedView {
    /** The next end of a time to live in the cube; a historical view returns one before all items. */
    Optional<Instant> nextExpiry(VaultReader reader);

    /** The working memory of a session, hottest first; empty for a historical view. */
    List<WorkingMemoryEntry> workingMemory(VaultReader reader, String session, Instant now);

    /** The filter for the index, which lets everything pass that may match. */
    Filter indexFilter(Filter filter);

    /** The passages to request from the index where {@code limit} are needed. */
    int indexLimit(int limit);

    /** The ranking of those items that match in this state, with items that the index does not know. */
    List<FusedCandidate> reconcile(List<FusedCandidate> fused, Filter filter, SearchTrace trace);

    /** The items; missing ones are left out. */
    List<MemoryItem> items(VaultReader reader, Collection<ItemId> ids);

    /** The items that match the filter and whose text is the one that the index ranked. */
    List<MemoryItem> matching(VaultReader reader, Collection<ItemId> ids, Filter filter);

    List<Passage> passages(VaultReader reader, MemoryItem item);

    List<PassageVector> vectors(VaultReader reader, ItemId item);
}
