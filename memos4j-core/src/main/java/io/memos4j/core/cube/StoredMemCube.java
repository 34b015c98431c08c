package io.memos4j.core.cube;

import io.memos4j.api.CubeDescription;
import io.memos4j.api.CubeId;
import io.memos4j.api.CubeSettings;
import io.memos4j.api.DeleteResult;
import io.memos4j.api.ErasureReceipt;
import io.memos4j.api.ItemId;
import io.memos4j.api.MemCube;
import io.memos4j.api.MemoryException;
import io.memos4j.api.Page;
import io.memos4j.api.adapters.ParametricMemory;
import io.memos4j.api.chat.ChatReply;
import io.memos4j.api.chat.ChatRequest;
import io.memos4j.api.history.ChangeId;
import io.memos4j.api.history.ChangeRecord;
import io.memos4j.api.history.ChangeRequest;
import io.memos4j.api.history.ItemExplanation;
import io.memos4j.api.history.ItemVersion;
import io.memos4j.api.history.SupersessionRecord;
import io.memos4j.api.history.TimeMachine;
import io.memos4j.api.history.UndoResult;
import io.memos4j.api.items.AddRequest;
import io.memos4j.api.items.AddResult;
import io.memos4j.api.items.ExtractionResult;
import io.memos4j.api.items.Feedback;
import io.memos4j.api.items.FeedbackResult;
import io.memos4j.api.items.ItemEdit;
import io.memos4j.api.items.ListRequest;
import io.memos4j.api.items.MemoryItem;
import io.memos4j.api.items.RelatedItem;
import io.memos4j.api.items.Selection;
import io.memos4j.api.items.SessionInfo;
import io.memos4j.api.kvcache.ActivationMemory;
import io.memos4j.api.privacy.Reader;
import io.memos4j.api.retention.ItemHeat;
import io.memos4j.api.retention.RetentionPolicy;
import io.memos4j.api.retention.WorkingMemory;
import io.memos4j.api.search.SearchRequest;
import io.memos4j.api.search.SearchResult;
import io.memos4j.api.tasks.TaskKind;
import io.memos4j.core.consolidation.ProvenanceExplainer;
import io.memos4j.core.privacy.Redactor;
import io.memos4j.core.search.SearchScope;
import io.memos4j.spi.CubeRow;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.Predicate;

/**
 * A cube of an open engine. Holds no state but its identity: every call reads the present state of the vault. What it
 * does is done by the operations that it shares with the other cubes of the engine. Thread-safe.
 */
public final class StoredMemCube implements MemCube {
    private final CubeHandle cube;
    private final ItemOperations items;
    private final RecallOperations recall;
    private final MaintenanceOperations maintenance;
    private final Reader reader;

    public StoredMemCube(
            CubeHandle cube, ItemOperations items, RecallOperations recall, MaintenanceOperations maintenance) {
        this(cube, items, recall, maintenance, Reader.OWNER);
    }

    /** @param reader for whom it searches and chats */
    private StoredMemCube(
            CubeHandle cube,
            ItemOperations items,
            RecallOperations recall,
            MaintenanceOperations maintenance,
            Reader reader) {
        this.reader = reader;
        this.cube = cube;
        this.items = items;
        this.recall = recall;
        this.maintenance = maintenance;
    }

    private MemCube open(CubeRow row) {
        return new StoredMemCube(cube.handleFor(row), items, recall, maintenance);
    }

    /** This cube, searched and used in chats for a reader; everything else shows the whole texts. */
    StoredMemCube searchedBy(Reader other) {
        return new StoredMemCube(cube, items, recall, maintenance, other);
    }

    /** This cube with everything as its reader may see it. */
    MemCube forReader() {
        return reader.equals(Reader.OWNER) ? this : new RedactedMemCube(this, reader);
    }

    @Override
    public MemCube as(Reader other) {
        return other.equals(Reader.OWNER) ? this : new RedactedMemCube(searchedBy(other), other);
    }

    @Override
    public CubeId id() {
        return cube.id();
    }

    CubeHandle handle() {
        return cube;
    }

    /** Returns this cube as one to search; it is looked up when the search begins. */
    SearchScope scope() {
        return new SearchScope(cube.id(), cube::readyRow, reader);
    }

    @Override
    public AddResult add(AddRequest request) {
        return cube.audited(
                "add",
                () -> recall.retention().recordSaid(cube, request, items.add().add(cube, request)));
    }

    @Override
    public Optional<MemoryItem> get(ItemId item) {
        Optional<MemoryItem> found = cube.auditedRead("get", vault -> vault.findItem(cube.key(), item));
        found.ifPresent(each -> recall.retention().recordUse(cube, each.id()));
        return found;
    }

    @Override
    public Page<MemoryItem> list(ListRequest request) {
        return cube.auditedRead("list", vault -> vault.list(cube.key(), ForgottenFilter.applyTo(request)));
    }

    @Override
    public MemoryItem update(ItemId item, ItemEdit edit) {
        return cube.audited("update", () -> items.edit().update(cube, item, edit));
    }

    @Override
    public MemoryItem supersede(ItemId former, ItemId successor, String reason) {
        return cube.audited("supersede", () -> items.edit().supersede(cube, former, successor, reason));
    }

    @Override
    public MemoryItem reinstate(ItemId item) {
        return cube.audited("reinstate", () -> items.edit().reinstate(cube, item));
    }

    @Override
    public MemoryItem restore(ItemId item, int version) {
        return cube.audited("restore", () -> items.edit().restore(cube, item, version));
    }

    @Override
    public DeleteResult delete(Selection selection) {
        return cube.audited("delete", () -> items.delete().delete(cube, selection));
    }

    @Override
    public ErasureReceipt erase(Selection selection) {
        return cube.audited("erase", () -> maintenance.erasure().erase(cube, selection));
    }

    @Override
    public List<ItemVersion> history(ItemId item) {
        return cube.auditedRead("history", vault -> vault.versions(cube.key(), item));
    }

    @Override
    public ItemExplanation explain(ItemId item) {
        return cube.auditedRead(
                "explain", vault -> new ProvenanceExplainer(vault, cube.key()).explain(cube.requireItem(vault, item)));
    }

    @Override
    public List<RelatedItem> related(ItemId item) {
        return cube.auditedRead(
                "related", vault -> new ProvenanceExplainer(vault, cube.key()).related(cube.requireItem(vault, item)));
    }

    @Override
    public Page<ChangeRecord> changes(ChangeRequest request) {
        return changes(request, Redactor.NONE);
    }

    Page<ChangeRecord> changes(ChangeRequest request, Redactor redactor) {
        return cube.auditedRead("changes", vault -> new ChangeListing(vault, cube.key(), redactor).page(request));
    }

    @Override
    public UndoResult undo(ChangeId change) {
        return cube.audited("undo", () -> items.edit().undo(cube, change));
    }

    @Override
    public List<SupersessionRecord> supersessions(ItemId item) {
        return cube.auditedRead("supersessions", vault -> vault.supersessions(cube.key(), List.of(item)));
    }

    @Override
    public SearchResult search(SearchRequest request) {
        cube.auditRead("search");
        return recall.search().search(List.of(scope()), request);
    }

    @Override
    public ChatReply chat(ChatRequest request, Predicate<String> sink) {
        cube.auditRead("chat");
        return recall.chat().answer(List.of(this), request, sink);
    }

    @Override
    public FeedbackResult feedback(Feedback feedback) {
        return cube.audited(
                "feedback",
                feedback.kind().name().toLowerCase(Locale.ROOT),
                () -> new FeedbackOperation(cube, this, items.edit()).take(feedback));
    }

    @Override
    public CubeSettings settings() {
        CubeRow row = cube.row();
        return new CubeSettings(row.zone(), row.privacy());
    }

    @Override
    public void settings(CubeSettings settings) {
        cube.audited(
                "settings",
                "settings",
                () -> cube.write(writer -> {
                    writer.setZone(cube.key(), settings.zone());
                    writer.setPrivacy(cube.key(), settings.privacy());
                    return settings;
                }));
    }

    @Override
    public RetentionPolicy policy() {
        return recall.retention().policy(cube);
    }

    @Override
    public void policy(RetentionPolicy policy) {
        cube.audited("policy", "policy", () -> {
            recall.retention().policy(cube, policy);
            return policy;
        });
    }

    @Override
    public ItemHeat heat(ItemId item) {
        cube.auditRead("heat");
        return recall.retention().heat(cube, item);
    }

    @Override
    public WorkingMemory workingMemory(String session) {
        cube.auditRead("working memory");
        return recall.retention().workingMemory(cube, session);
    }

    @Override
    public ActivationMemory activations() {
        return new CubeActivationMemory(cube, maintenance.kvCache());
    }

    @Override
    public ParametricMemory adapters() {
        return new CubeParametricMemory(cube, maintenance.adapters());
    }

    @Override
    public TimeMachine time() {
        return new CubeTimeMachine(cube, scope(), items.history(), recall.search(), this::open);
    }

    @Override
    public CubeDescription describe() {
        return cube.read(vault -> vault.describe(cube.require(vault)));
    }

    @Override
    public Page<SessionInfo> sessions(int limit, String cursor) {
        if (limit < 1 || limit > ListRequest.MAX_LIMIT) {
            throw MemoryException.invalid("A page has 1 to " + ListRequest.MAX_LIMIT + " sessions, not " + limit + ".");
        }
        return Page.cut(
                cube.auditedRead("sessions", vault -> vault.sessions(cube.key(), cursor, limit + 1)),
                limit,
                SessionInfo::session);
    }

    @Override
    public ExtractionResult extract() {
        return cube.audited("extract", () -> maintenance.extraction().extract(cube));
    }

    @Override
    public boolean awaitIdle(Duration timeout) {
        long end = System.nanoTime() + timeout.toNanos();
        boolean read = !hasVectors(timeout) || maintenance.extraction().finish(cube);
        boolean embedded = hasVectors(timeUntil(end));
        cube.catchUp();
        return embedded && read && maintenance.kvCache().awaitIdle(timeUntil(end));
    }

    private static Duration timeUntil(long end) {
        return Duration.ofNanos(end - System.nanoTime());
    }

    private boolean hasVectors(Duration timeout) {
        return !cube.embedsHere()
                || maintenance
                        .tasks()
                        .settle(cube.id(), TaskKind.EMBED, reader -> !reader.hasPending(cube.key()), timeout);
    }

    @Override
    public void compact() {
        maintenance.indexing().compact(cube);
    }

    @Override
    public void reindex() {
        cube.audited("reindex", "index", () -> {
            maintenance.indexing().reindex(cube);
            return cube.id();
        });
    }
}
