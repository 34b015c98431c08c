package io.memos4j.core.cube;

import io.memos4j.api.DeleteResult;
import io.memos4j.api.ItemId;
import io.memos4j.api.adapters.AdapterId;
import io.memos4j.api.items.Selection;
import io.memos4j.core.adapters.AdapterService;
import io.memos4j.core.consolidation.DerivedMemoryRefresher;
import io.memos4j.core.history.Supersession;
import io.memos4j.spi.CubeKey;
import io.memos4j.spi.adapters.AdapterWriter;
import io.memos4j.spi.vault.VaultWriter;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.stream.Stream;

/** Erases items with everything that was derived from them, in one transaction. Thread-safe. */
public final class DeleteOperation {
    private final Supersession supersession;
    private final AdapterService adapters;
    private final DerivedMemoryRefresher followUps;
    private final InstantSource clock;

    public DeleteOperation(
            Supersession supersession, AdapterService adapters, DerivedMemoryRefresher followUps, InstantSource clock) {
        this.supersession = supersession;
        this.adapters = adapters;
        this.followUps = followUps;
        this.clock = clock;
    }

    public DeleteResult delete(CubeHandle cube, Selection selection) {
        // A cube whose vectors come from another embedder can still be erased from.
        DeleteResult deleted = cube.write(writer -> erase(writer, cube.key(), selection));
        cube.catchUp();
        return deleted;
    }

    private DeleteResult erase(VaultWriter writer, CubeKey cube, Selection selection) {
        return erase(writer, cube, writer.select(cube, selection));
    }

    /** Erases items inside the caller's transaction. */
    public DeleteResult erase(VaultWriter writer, CubeKey cube, List<ItemId> selected) {
        List<ItemId> derived = writer.derivedFrom(cube, selected);
        List<ItemId> all = Stream.concat(selected.stream(), derived.stream()).toList();
        adapters.beforeErasing(writer, cube, all);
        supersession.reinstateReplacedBy(writer, cube, all);
        followUps.scheduleRefresh(writer, cube, derived);
        Instant now = clock.instant();
        writer.erase(cube, selected, now);
        writer.erase(cube, derived, now);
        List<AdapterId> adapters = writer.adapters().affectedAdapters().stream()
                .map(AdapterWriter.AffectedAdapter::id)
                .sorted()
                .toList();
        return new DeleteResult(selected, derived, adapters);
    }
}
