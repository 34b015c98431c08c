package io.memos4j.core.cube;

import io.memos4j.api.CubeId;
import io.memos4j.api.ErrorCode;
import io.memos4j.api.ItemId;
import io.memos4j.api.MemCube;
import io.memos4j.api.MemoryException;
import io.memos4j.api.Page;
import io.memos4j.api.history.CubeView;
import io.memos4j.api.history.DiffRequest;
import io.memos4j.api.history.ItemChange;
import io.memos4j.api.history.RollbackResult;
import io.memos4j.api.history.Snapshot;
import io.memos4j.api.history.TimeMachine;
import io.memos4j.api.items.ListRequest;
import io.memos4j.api.items.MemoryItem;
import io.memos4j.api.search.SearchRequest;
import io.memos4j.api.search.SearchResult;
import io.memos4j.core.privacy.LabelFilters;
import io.memos4j.core.privacy.Redactor;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/** The time machine of a cube as one reader may see it. Thread-safe. */
record RedactedTimeMachine(TimeMachine time, Redactor redactor) implements TimeMachine {
    @Override
    public Instant mark() {
        return time.mark();
    }

    @Override
    public CubeView recordedAt(Instant recorded) {
        return new View(time.recordedAt(recorded), redactor);
    }

    @Override
    public CubeView recordedAt(String snapshot) {
        return new View(time.recordedAt(snapshot), redactor);
    }

    @Override
    public Page<ItemChange> diff(DiffRequest request) {
        Page<ItemChange> page = time.diff(request);
        return new Page<>(
                page.items().stream()
                        .map(each -> new ItemChange(
                                each.id(),
                                each.before().map(redactor::redact),
                                each.after().map(redactor::redact)))
                        .toList(),
                page.next());
    }

    @Override
    public MemoryItem rollback(ItemId item, Instant to) {
        return redactor.redact(time.rollback(item, to));
    }

    @Override
    public RollbackResult rollback(Instant to) {
        return time.rollback(to);
    }

    @Override
    public RollbackResult rollback(String snapshot) {
        return time.rollback(snapshot);
    }

    @Override
    public Snapshot snapshot(String name) {
        return time.snapshot(name);
    }

    @Override
    public List<Snapshot> snapshots() {
        return time.snapshots();
    }

    @Override
    public void deleteSnapshot(String name) {
        time.deleteSnapshot(name);
    }

    /** A fork would show its owner everything. */
    @Override
    public MemCube fork(CubeId newCube, Instant at) {
        boolean withheld = !time.recordedAt(at)
                .list(ListRequest.first().where(LabelFilters.hidden(redactor)).limit(1))
                .items()
                .isEmpty();
        if (withheld) {
            throw new MemoryException(
                    ErrorCode.FORBIDDEN,
                    "The cube holds memories that are withheld from this caller, who cannot copy it. Ask the owner of"
                            + " the cube.");
        }
        return time.fork(newCube, at);
    }

    private record View(CubeView view, Redactor redactor) implements CubeView {
        @Override
        public Instant recordedAt() {
            return view.recordedAt();
        }

        @Override
        public Optional<MemoryItem> get(ItemId id) {
            return view.get(id).map(redactor::redact);
        }

        @Override
        public Page<MemoryItem> list(ListRequest request) {
            return new RedactedResults(redactor)
                    .items(view.list(request.where(LabelFilters.guarded(request.filter(), redactor))));
        }

        @Override
        public SearchResult search(SearchRequest request) {
            return view.search(request.where(LabelFilters.guarded(request.filter(), redactor)));
        }
    }
}
