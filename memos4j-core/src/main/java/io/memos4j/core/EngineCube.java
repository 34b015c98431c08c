package io.memos4j.core;

import io.memos4j.api.ActivationMemory;
import io.memos4j.api.AdapterId;
import io.memos4j.api.AddRequest;
import io.memos4j.api.AddResult;
import io.memos4j.api.ChatReply;
import io.memos4j.api.ChatRequest;
import io.memos4j.api.CubeDescription;
import io.memos4j.api.CubeId;
import io.memos4j.api.DeleteResult;
import io.memos4j.api.ErrorCode;
import io.memos4j.api.Explanation;
import io.memos4j.api.Extraction;
import io.memos4j.api.Feedback;
import io.memos4j.api.FeedbackResult;
import io.memos4j.api.Heat;
import io.memos4j.api.ItemEdit;
import io.memos4j.api.ItemId;
import io.memos4j.api.ItemState;
import io.memos4j.api.ItemVersion;
import io.memos4j.api.ListRequest;
import io.memos4j.api.MemCube;
import io.memos4j.api.MemoryException;
import io.memos4j.api.MemoryItem;
import io.memos4j.api.Page;
import io.memos4j.api.ParametricMemory;
import io.memos4j.api.Policy;
import io.memos4j.api.Related;
import io.memos4j.api.SearchRequest;
import io.memos4j.api.SearchResult;
import io.memos4j.api.Selection;
import io.memos4j.api.SessionInfo;
import io.memos4j.api.Succession;
import io.memos4j.api.TaskKind;
import io.memos4j.api.TaskRequest;
import io.memos4j.api.TimeMachine;
import io.memos4j.api.WorkingMemory;
import io.memos4j.core.consolidation.Explainer;
import io.memos4j.core.consolidation.FollowUps;
import io.memos4j.core.embedding.VectorSpace;
import io.memos4j.core.scheduler.ExtractTask;
import io.memos4j.spi.AdapterWriter;
import io.memos4j.spi.CubeKey;
import io.memos4j.spi.CubeRow;
import io.memos4j.spi.VaultReader;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.Predicate;

/** A cube of an open engine. Holds no state but its key: every call reads the vault's present state. */
final class EngineCube implements MemCube {
    private final Engine engine;
    private final CubeId id;
    private final CubeKey key;
    private final CubeLife life;
    private final CubeEdits edits;

    EngineCube(Engine engine, CubeRow row) {
        this.engine = engine;
        this.id = row.id();
        this.key = row.key();
        this.life = new CubeLife(engine, this, key);
        this.edits = new CubeEdits(engine, this, key);
    }

    @Override
    public CubeId id() {
        return id;
    }

    @Override
    public AddResult add(AddRequest request) {
        CubeRow cube = matching(row());
        AddResult result = new AddTransaction(engine, cube).run(request);
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
        return read(reader -> reader.history(key, item));
    }

    @Override
    public Explanation explain(ItemId item) {
        return read(reader -> new Explainer(reader, key).explain(item(reader, item)));
    }

    @Override
    public List<Related> related(ItemId item) {
        return read(reader -> new Explainer(reader, key).related(item(reader, item)));
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
            engine.parametrics().erasing(writer, key, all);
            engine.successions().withdraw(writer, key, all);
            new FollowUps(engine.reader()).afterErasing(writer, key, derived);
            Instant now = engine.reader().now();
            writer.erase(key, selected, now);
            writer.erase(key, derived, now);
            List<AdapterId> adapters = writer.adapters().touched().stream()
                    .map(AdapterWriter.Touched::id)
                    .sorted()
                    .toList();
            return new DeleteResult(selected, derived, adapters);
        });
        engine.indexes().catchUp(cube);
        return deleted;
    }

    @Override
    public List<Succession> successions(ItemId item) {
        return read(reader -> reader.successions(key, List.of(item)));
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
        return life.found(request, engine.searcher().search(ready(), request));
    }

    /** The cube as it is now, if it can be searched and written. */
    CubeRow ready() {
        return matching(row());
    }

    @Override
    public Extraction extract() {
        matching(row());
        ExtractTask task = engine.extraction()
                .orElseThrow(() -> new MemoryException(
                        ErrorCode.INVALID_CONFIGURATION,
                        "No language model is configured. Open the engine with MemOsConfig.withModel(…)."));
        return engine.scheduler().runHere(row(), TaskRequest.of(TaskKind.EXTRACT), task::readAll);
    }

    @Override
    public FeedbackResult feedback(Feedback feedback) {
        return new FeedbackIntake(engine, this, key).take(feedback);
    }

    @Override
    public ChatReply chat(ChatRequest request, Predicate<String> sink) {
        return new EngineChat(engine, List.of(this), request).answer(sink);
    }

    @Override
    public ActivationMemory activations() {
        return new CubeActivations(engine, this);
    }

    @Override
    public ParametricMemory adapters() {
        return new CubeAdapters(engine, key);
    }

    @Override
    public TimeMachine time() {
        return new EngineTime(engine, this, key);
    }

    @Override
    public Policy policy() {
        return life.policy();
    }

    @Override
    public void policy(Policy policy) {
        life.policy(policy);
    }

    @Override
    public Heat heat(ItemId item) {
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
        return found && read && engine.activations().settle(timeout);
    }

    private boolean hasVectors(Duration timeout) {
        Optional<String> space = engine.vectors().map(VectorSpace::id);
        return !space.equals(Optional.of(row().embedder()))
                || engine.tasks().settle(id, TaskKind.EMBED, reader -> !reader.hasPending(key), timeout);
    }

    /** Whether everything was read; not if the model fails, which the background tries again, or its budget is spent. */
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
            engine.triggers().changed(writer, key, "reindex");
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
        return reader.cube(key)
                .orElseThrow(() -> new MemoryException(ErrorCode.CUBE_NOT_FOUND, "Cube '" + id + "' was deleted."));
    }

    CubeRow matching(CubeRow cube) {
        engine.vectors().ifPresent(space -> space.check(cube));
        return cube;
    }
}
