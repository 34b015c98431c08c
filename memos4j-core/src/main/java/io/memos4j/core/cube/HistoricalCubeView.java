package io.memos4j.core.cube;

import io.memos4j.api.ItemId;
import io.memos4j.api.Page;
import io.memos4j.api.history.CubeView;
import io.memos4j.api.items.Filter;
import io.memos4j.api.items.ListRequest;
import io.memos4j.api.items.MemoryItem;
import io.memos4j.api.search.SearchRequest;
import io.memos4j.api.search.SearchResult;
import io.memos4j.core.Engine;
import io.memos4j.spi.CubeKey;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/** A cube of an open engine as it was recorded at an instant. Immutable; thread-safe. */
final class HistoricalCubeView implements CubeView {
    private final Engine engine;
    private final StoredMemCube cube;
    private final CubeKey key;
    private final Instant at;

    HistoricalCubeView(Engine engine, StoredMemCube cube, CubeKey key, Instant at) {
        this.engine = engine;
        this.cube = cube;
        this.key = key;
        this.at = at;
    }

    @Override
    public Instant recordedAt() {
        return at;
    }

    @Override
    public Optional<MemoryItem> get(ItemId id) {
        return engine.vault().read(reader -> {
            cube.require(reader);
            return reader.history().items(key, List.of(id), Filter.ALL, at).stream()
                    .findFirst();
        });
    }

    @Override
    public Page<MemoryItem> list(ListRequest request) {
        return engine.vault().read(reader -> {
            cube.require(reader);
            return reader.history().list(key, request, at);
        });
    }

    @Override
    public SearchResult search(SearchRequest request) {
        boolean dated = request.referenceTime().isPresent() || request.validAt().isPresent();
        SearchRequest then = dated ? request : request.at(at);
        return engine.searcher().searchRecordedAt(cube.matching(cube.row()), then, at);
    }
}
