package io.memos4j.core;

import io.memos4j.api.CubeView;
import io.memos4j.api.Filter;
import io.memos4j.api.ItemId;
import io.memos4j.api.ListRequest;
import io.memos4j.api.MemoryItem;
import io.memos4j.api.Page;
import io.memos4j.api.SearchRequest;
import io.memos4j.api.SearchResult;
import io.memos4j.spi.CubeKey;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/** What a cube of an open engine knew at an instant. */
final class EngineView implements CubeView {
    private final Engine engine;
    private final EngineCube cube;
    private final CubeKey key;
    private final Instant at;

    EngineView(Engine engine, EngineCube cube, CubeKey key, Instant at) {
        this.engine = engine;
        this.cube = cube;
        this.key = key;
        this.at = at;
    }

    @Override
    public Instant at() {
        return at;
    }

    @Override
    public Optional<MemoryItem> get(ItemId id) {
        return engine.vault().read(reader -> {
            cube.require(reader);
            return reader.past().items(key, List.of(id), Filter.ALL, at).stream()
                    .findFirst();
        });
    }

    @Override
    public Page<MemoryItem> list(ListRequest request) {
        return engine.vault().read(reader -> {
            cube.require(reader);
            return reader.past().list(key, request, at);
        });
    }

    @Override
    public SearchResult search(SearchRequest request) {
        boolean dated = request.referenceTime().isPresent() || request.asOf().isPresent();
        return engine.searcher().search(cube.matching(cube.row()), dated ? request : request.at(at), at);
    }
}
