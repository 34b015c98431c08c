package io.memos4j.core.search;

import io.memos4j.api.ItemId;
import io.memos4j.api.items.Filter;
import io.memos4j.api.items.MemoryItem;
import io.memos4j.core.ingest.PassageSplitter;
import io.memos4j.core.privacy.Redactor;
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
 * A state of a cube as a reader without some of the rights sees it: every stage reads redacted texts, and no vector of
 * a text of which something is withheld, so that neither hits nor their order tell what is withheld.
 */
record RedactedView(TimeView view, Redactor redactor) implements TimeView {
    @Override
    public Optional<Instant> nextExpiry(VaultReader reader) {
        return view.nextExpiry(reader);
    }

    @Override
    public List<WorkingMemoryEntry> workingMemory(VaultReader reader, String session, Instant now) {
        return view.workingMemory(reader, session, now);
    }

    @Override
    public Filter indexFilter(Filter filter) {
        return view.indexFilter(filter);
    }

    @Override
    public int indexLimit(int limit) {
        return view.indexLimit(limit);
    }

    @Override
    public List<FusedCandidate> reconcile(List<FusedCandidate> fused, Filter filter, SearchTrace trace) {
        return view.reconcile(fused, filter, trace);
    }

    @Override
    public List<MemoryItem> items(VaultReader reader, Collection<ItemId> ids) {
        return view.items(reader, ids).stream().map(redactor::redact).toList();
    }

    @Override
    public List<MemoryItem> matching(VaultReader reader, Collection<ItemId> ids, Filter filter) {
        return view.matching(reader, ids, filter).stream().map(redactor::redact).toList();
    }

    @Override
    public List<Passage> passages(VaultReader reader, MemoryItem item) {
        return redactor.hides(item) ? PassageSplitter.split(item.text()) : view.passages(reader, item);
    }

    @Override
    public List<PassageVector> vectors(VaultReader reader, ItemId item) {
        return view.items(reader, List.of(item)).stream().anyMatch(redactor::hides)
                ? List.of()
                : view.vectors(reader, item);
    }
}
