package io.memos4j.core.cube;

import io.memos4j.api.ItemId;
import io.memos4j.api.Page;
import io.memos4j.api.history.CubeView;
import io.memos4j.api.items.Filter;
import io.memos4j.api.items.ListRequest;
import io.memos4j.api.items.MemoryItem;
import io.memos4j.api.search.SearchRequest;
import io.memos4j.api.search.SearchResult;
import io.memos4j.core.search.SearchScope;
import io.memos4j.core.search.SearchService;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/** A read-only view of what a cube knew at an instant. Thread-safe. */
final class HistoricalCubeView implements CubeView {
    private final CubeHandle cube;
    private final SearchScope scope;
    private final SearchService searcher;
    private final Instant at;

    HistoricalCubeView(CubeHandle cube, SearchScope scope, SearchService searcher, Instant at) {
        this.scope = scope;
        this.cube = cube;
        this.searcher = searcher;
        this.at = at;
    }

    @Override
    public Instant recordedAt() {
        return at;
    }

    @Override
    public Optional<MemoryItem> get(ItemId id) {
        return cube.auditedRead(
                "get",
                reader -> reader.history().items(cube.key(), List.of(id), Filter.ALL, at).stream()
                        .findFirst());
    }

    @Override
    public Page<MemoryItem> list(ListRequest request) {
        return cube.auditedRead(
                "list", reader -> reader.history().list(cube.key(), ForgottenFilter.applyTo(request), at));
    }

    @Override
    public SearchResult search(SearchRequest request) {
        cube.auditRead("search");
        boolean dated = request.referenceTime().isPresent() || request.validAt().isPresent();
        return searcher.searchRecordedAt(scope, dated ? request : request.at(at), at);
    }
}
