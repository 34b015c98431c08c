package io.memos4j.core.cube;

import io.memos4j.api.CubeDescription;
import io.memos4j.api.CubeId;
import io.memos4j.api.DeleteResult;
import io.memos4j.api.ErrorCode;
import io.memos4j.api.ItemId;
import io.memos4j.api.MemCube;
import io.memos4j.api.MemoryException;
import io.memos4j.api.Page;
import io.memos4j.api.adapters.AdapterId;
import io.memos4j.api.adapters.ParametricMemory;
import io.memos4j.api.chat.ChatReply;
import io.memos4j.api.chat.ChatRequest;
import io.memos4j.api.history.ItemExplanation;
import io.memos4j.api.history.ItemVersion;
import io.memos4j.api.history.SupersessionRecord;
import io.memos4j.api.history.TimeMachine;
import io.memos4j.api.items.AddRequest;
import io.memos4j.api.items.AddResult;
import io.memos4j.api.items.ExtractionResult;
import io.memos4j.api.items.Feedback;
import io.memos4j.api.items.FeedbackResult;
import io.memos4j.api.items.ItemEdit;
import io.memos4j.api.items.ItemState;
import io.memos4j.api.items.ListRequest;
import io.memos4j.api.items.MemoryItem;
import io.memos4j.api.items.RelatedItem;
import io.memos4j.api.items.Selection;
import io.memos4j.api.items.SessionInfo;
import io.memos4j.api.kvcache.ActivationMemory;
import io.memos4j.api.retention.ItemHeat;
import io.memos4j.api.retention.RetentionPolicy;
import io.memos4j.api.retention.WorkingMemory;
import io.memos4j.api.search.SearchRequest;
import io.memos4j.api.search.SearchResult;
import io.memos4j.api.tasks.TaskKind;
import io.memos4j.api.tasks.TaskRequest;
import io.memos4j.core.Engine;
import io.memos4j.core.consolidation.DerivedMemoryRefresher;
import io.memos4j.core.consolidation.ProvenanceExplainer;
import io.memos4j.core.embedding.VectorSpace;
import io.memos4j.core.extraction.ExtractTask;
import io.memos4j.spi.CubeKey;
import io.memos4j.spi.CubeRow;
import io.memos4j.spi.adapters.AdapterWriter;
import io.memos4j.spi.vault.VaultReader;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.Predicate;

/** A cube of an open engine. Holds no state but its key: every call reads the vault's present state. */
public final class StoredMemCube implements MemCube {
    private final Engine engine;
    private final CubeId id;
    private final CubeKey key;
    private final CubeRetention life;
    private final EditOperations edits;

    public StoredMemCube(Engine engine, CubeRow row) {
        this.engine = engine;
        this.id = row.id();
        this.key = row.key();
        this.life = new CubeRetention(engine, this, key);
        this.edits = new EditOperations(engine, this, key);
    }

    @Override
    public CubeId id() {
        return id;
    }

    @Override
    public AddResult add(AddRequest request) {
        CubeRow cube = matching(row());
        AddResult result = new AddOperation(engine, cube).run(request);
        return life.said(request, result);
    }

    @Override
    public Optional<MemoryItem> get(ItemId item) {
        return life.got(read(reader -> reader.items(key, List.of(item)).stream().findFirst()));
    }

    @Override
    public Page<MemoryItem> list(ListRequest request) {
        return read(reader -> reader.list(key, request));
    }

    @Override
    public MemoryItem update(ItemId item, ItemEdit edit) {
        return edits.update(item, edit);
    }

    @Override
    public MemoryItem supersede(ItemId former, ItemId successor, String reason) {
        return edits.supersede(former, successor, reason);
    }

    @Override
    public MemoryItem reinstate(ItemId item) {
        return edits.reinstate(item);
    }

    @Override
    public MemoryItem restore(ItemId item, int version) {
        return edits.restore(item, version);
    }

    @Override
    public List<ItemVersion> history(ItemId item) {
        return read(reader -> reader.versions(key, item));
    }

    @Override
    public ItemExplanation explain(ItemId item) {
        return read(reader -> new ProvenanceExplainer(reader, key).explain(item(reader, item)));
    }

    @Override
    public List<RelatedItem> related(ItemId item) {
        return read(reader -> new ProvenanceExplainer(reader, key).related(item(reader, item)));
    }

    @Override
    public DeleteResult delete(Selection selection) {
        CubeRow cube = row();
        DeleteResult deleted = engine.vault().write(writer -> {
            require(writer);
            List<ItemId> selected = writer.select(key, selection);
            List<ItemId> derived = writer.derivedFrom(key, selected);
            List<ItemId> all = new ArrayList<>(selected);
            all.addAll(derived);
            engine.parametrics().beforeErasing(writer, key, all);
            engine.successions().reinstateReplacedBy(writer, key, all);
            new DerivedMemoryRefresher(engine.reader()).scheduleRefresh(writer, key, derived);
            Instant now = engine.reader().now();
            writer.erase(key, selected, now);
            writer.erase(key, derived, now);
            List<AdapterId> adapters = writer.adapters().affectedAdapters().stream()
                    .map(AdapterWriter.AffectedAdapter::id)
                    .sorted()
                    .toList();
            return new DeleteResult(selected, derived, adapters);
        });
        engine.indexes().catchUp(cube);
        return deleted;
    }

    @Override
    public List<SupersessionRecord> supersessions(ItemId item) {
        return read(reader -> reader.supersessions(key, List.of(item)));
    }

    MemoryItem item(VaultReader reader, ItemId item) {
        return reader.items(key, List.of(item)).stream()
                .findFirst()
                .orElseThrow(() ->
                        new MemoryException(ErrorCode.ITEM_NOT_FOUND, "Cube '" + id + "' has no item " + item + "."));
    }

    MemoryItem unlocked(VaultReader reader, ItemId item) {
        MemoryItem found = item(reader, item);
        if (found.state() == ItemState.FROZEN) {
            throw frozen(found);
        }
        return found;
    }

    static MemoryException frozen(MemoryItem item) {
        return MemoryException.invalid(
                "Item " + item.id() + " is frozen. Set its state to activated before changing it.");
    }

    @Override
    public SearchResult search(SearchRequest request) {
        return engine.searcher().search(ready(), request);
    }

    /** The cube as it is now, if it can be searched and written. */
    CubeRow ready() {
        return matching(row());
    }

    @Override
    public ExtractionResult extract() {
        matching(row());
        ExtractTask task = engine.extraction()
                .orElseThrow(() -> new MemoryException(
                        ErrorCode.INVALID_CONFIGURATION,
                        "No language model is configured. Open the engine with MemOsConfig.withModel(…)."));
        return engine.scheduler().runInline(row(), TaskRequest.of(TaskKind.EXTRACT), task::readAll);
    }

    @Override
    public FeedbackResult feedback(Feedback feedback) {
        return new FeedbackOperation(engine, this, key).take(feedback);
    }

    @Override
    public ChatReply chat(ChatRequest request, Predicate<String> sink) {
        return new ChatOperation(engine, List.of(this), request).answer(sink);
    }

    @Override
    public ActivationMemory activations() {
        return new CubeActivationMemory(engine, this);
    }

    @Override
    public ParametricMemory adapters() {
        return new CubeParametricMemory(engine, key);
    }

    @Override
    public TimeMachine time() {
        return new CubeTimeMachine(engine, this, key);
    }

    @Override
    public RetentionPolicy policy() {
        return life.policy();
    }

    @Override
    public void policy(RetentionPolicy policy) {
        life.policy(policy);
    }

    @Override
    public ItemHeat heat(ItemId item) {
        return life.heat(item);
    }

    @Override
    public WorkingMemory workingMemory(String session) {
        return life.workingMemory(session);
    }

    @Override
    public CubeDescription describe() {
        return read(reader -> reader.describe(require(reader)));
    }

    @Override
    public Page<SessionInfo> sessions(int limit, String cursor) {
        if (limit < 1 || limit > ListRequest.MAX_LIMIT) {
            throw MemoryException.invalid(
                    "A page has 1 to " + ListRequest.MAX_LIMIT + " sessions, asked for " + limit + ".");
        }
        return Page.cut(
                read(reader -> reader.sessions(require(reader).key(), cursor, limit + 1)), limit, SessionInfo::session);
    }

    @Override
    public boolean awaitIdle(Duration timeout) {
        boolean read = !hasVectors(timeout) || engine.extraction().isEmpty() || readAll();
        boolean found = hasVectors(timeout);
        engine.indexes().catchUp(row());
        return found && read && engine.activations().awaitIdle(timeout);
    }

    private boolean hasVectors(Duration timeout) {
        Optional<String> space = engine.vectors().map(VectorSpace::id);
        return !space.equals(Optional.of(row().embedder()))
                || engine.tasks().settle(id, TaskKind.EMBED, reader -> !reader.hasPending(key), timeout);
    }

    /**
     * Whether everything was read; not if the model fails, which the background tries again, or its budget is spent.
     */
    private boolean readAll() {
        try {
            return extract().complete();
        } catch (MemoryException e) {
            if (e.code() == ErrorCode.INTERRUPTED || e.code() == ErrorCode.CLOSED) {
                throw e;
            }
            return false;
        }
    }

    @Override
    public void compact() {
        engine.indexes().use(row(), index -> {
            index.expunge();
            return index.appliedSeq();
        });
        engine.vault().compact();
    }

    @Override
    public void reindex() {
        CubeRow cube = engine.vault().write(writer -> {
            CubeRow row = require(writer);
            engine.vectors()
                    .filter(space -> !space.id().equals(row.embedder()) || space.dimension() != row.dimension())
                    .ifPresent(space -> writer.changeEmbedder(key, space.id(), space.dimension()));
            engine.triggers().onTextChange(writer, key, "reindex");
            return require(writer);
        });
        engine.indexes().rebuild(cube);
    }

    private <T> T read(Function<VaultReader, T> work) {
        return engine.vault().read(reader -> {
            require(reader);
            return work.apply(reader);
        });
    }

    CubeRow row() {
        return engine.vault().read(this::require);
    }

    CubeRow require(VaultReader reader) {
        return reader.findCube(key)
                .orElseThrow(() -> new MemoryException(ErrorCode.CUBE_NOT_FOUND, "Cube '" + id + "' was deleted."));
    }

    CubeRow matching(CubeRow cube) {
        engine.vectors().ifPresent(space -> space.requireSameEmbedder(cube));
        return cube;
    }
}
