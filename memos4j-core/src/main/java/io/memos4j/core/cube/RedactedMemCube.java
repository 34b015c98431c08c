package io.memos4j.core.cube;

import io.memos4j.api.CubeDescription;
import io.memos4j.api.CubeId;
import io.memos4j.api.CubeSettings;
import io.memos4j.api.DeleteResult;
import io.memos4j.api.ErasureReceipt;
import io.memos4j.api.ErrorCode;
import io.memos4j.api.ItemId;
import io.memos4j.api.MemCube;
import io.memos4j.api.MemoryException;
import io.memos4j.api.Page;
import io.memos4j.api.Warning;
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
import io.memos4j.api.items.Filter;
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
import io.memos4j.core.privacy.LabelFilters;
import io.memos4j.core.privacy.Redactor;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;

/**
 * A cube as a reader without some of the rights sees it: the one place where texts leave the engine for such a reader.
 * Searches and chats are redacted inside, where the context is rendered. Thread-safe.
 */
final class RedactedMemCube implements MemCube {
    private final StoredMemCube cube;
    private final Reader reader;

    /** @param cube searches and chats for this reader */
    RedactedMemCube(StoredMemCube cube, Reader reader) {
        this.cube = cube;
        this.reader = reader;
    }

    /** The redactor by the policy that the cube has now. */
    private Redactor redactor() {
        return new Redactor(cube.settings().privacy(), reader);
    }

    /** The redactor of what the caller may know, whoever reads the results. */
    private Redactor clearance() {
        return new Redactor(cube.settings().privacy(), Reader.upTo(reader.clearance()));
    }

    private RedactedResults results() {
        return new RedactedResults(redactor());
    }

    @Override
    public MemCube as(Reader other) {
        return cube.as(reader.restrictedTo(other));
    }

    @Override
    public CubeId id() {
        return cube.id();
    }

    @Override
    public AddResult add(AddRequest request) {
        AddResult added = cube.add(request);
        return new AddResult(added.items(), added.forgotten(), results().warnings(added.warnings()), added.replayed());
    }

    @Override
    public Optional<MemoryItem> get(ItemId id) {
        return cube.get(id).map(redactor()::redact);
    }

    @Override
    public Page<MemoryItem> list(ListRequest request) {
        return results().items(cube.list(request.where(LabelFilters.guarded(request.filter(), clearance()))));
    }

    @Override
    public MemoryItem update(ItemId id, ItemEdit edit) {
        boolean content = edit.text().isPresent()
                || edit.title().isPresent()
                || edit.tags().isPresent()
                || edit.metadata().isPresent()
                || edit.sensitivity().isPresent();
        if (content) {
            requireReadable(id, "edited");
        }
        return redactor().redact(cube.update(id, edit));
    }

    /** Refuses to change a text of which the reader does not know a part. */
    private void requireReadable(ItemId id, String change) {
        cube.list(ListRequest.first().where(Filter.eq("id", id.toString())).limit(1)).items().stream()
                .filter(redactor()::hides)
                .findFirst()
                .ifPresent(item -> {
                    throw forbidden("Item " + id + " is " + item.sensitivity().id() + " and cannot be " + change
                            + " by a caller who may not read all of it.");
                });
    }

    private static MemoryException forbidden(String message) {
        return new MemoryException(ErrorCode.FORBIDDEN, message + " Ask the owner of the cube.");
    }

    @Override
    public List<ItemVersion> history(ItemId id) {
        RedactedResults results = results();
        return cube.history(id).stream().map(results::version).toList();
    }

    @Override
    public ItemExplanation explain(ItemId id) {
        return results().explanation(cube.explain(id));
    }

    @Override
    public List<RelatedItem> related(ItemId id) {
        Redactor redactor = redactor();
        return cube.related(id).stream()
                .map(each -> new RelatedItem(redactor.redact(each.item()), each.kind(), each.weight()))
                .toList();
    }

    @Override
    public Page<ChangeRecord> changes(ChangeRequest request) {
        return cube.changes(request, redactor());
    }

    @Override
    public UndoResult undo(ChangeId change) {
        UndoResult undone = cube.undo(change);
        return new UndoResult(
                undone.change(),
                undone.restored().stream().map(redactor()::redact).toList(),
                undone.repeated());
    }

    @Override
    public List<SupersessionRecord> supersessions(ItemId id) {
        RedactedResults results = results();
        return cube.supersessions(id).stream().map(results::supersession).toList();
    }

    @Override
    public MemoryItem supersede(ItemId former, ItemId successor, String reason) {
        return redactor().redact(cube.supersede(former, successor, reason));
    }

    @Override
    public MemoryItem reinstate(ItemId id) {
        return redactor().redact(cube.reinstate(id));
    }

    @Override
    public DeleteResult delete(Selection selection) {
        return cube.delete(guarded(selection));
    }

    @Override
    public ErasureReceipt erase(Selection selection) {
        return cube.erase(guarded(selection));
    }

    private Selection guarded(Selection selection) {
        return selection instanceof Selection.Matching(var filter)
                ? Selection.matching(LabelFilters.guarded(filter, clearance()))
                : selection;
    }

    @Override
    public SearchResult search(SearchRequest request) {
        return cube.search(request.where(LabelFilters.guarded(request.filter(), clearance())));
    }

    @Override
    public ExtractionResult extract() {
        ExtractionResult read = cube.extract();
        Redactor redactor = redactor();
        return new ExtractionResult(
                read.added(),
                read.updated(),
                read.retired(),
                read.refused().stream().map(redactor::redact).toList(),
                read.calls(),
                read.tokens(),
                read.complete(),
                read.failed().stream().map(redactor::redact).toList());
    }

    @Override
    public FeedbackResult feedback(Feedback feedback) {
        FeedbackResult taken = cube.feedback(feedback);
        List<Warning> warnings = results().warnings(taken.warnings());
        return new FeedbackResult(taken.stored(), taken.changed(), warnings);
    }

    @Override
    public MemoryItem restore(ItemId id, int version) {
        return redactor().redact(cube.restore(id, version));
    }

    @Override
    public CubeSettings settings() {
        return cube.settings();
    }

    /** Whoever may not read a label must not open it either. */
    @Override
    public void settings(CubeSettings settings) {
        List<String> opened = new ArrayList<>(redactor().hiddenLabels());
        opened.removeAll(new Redactor(settings.privacy(), reader).hiddenLabels());
        if (!opened.isEmpty()) {
            throw forbidden("The privacy policy of cube '" + id() + "' withholds texts labeled "
                    + String.join(" and ", opened) + " from this caller, who cannot change that.");
        }
        cube.settings(settings);
    }

    @Override
    public RetentionPolicy policy() {
        return cube.policy();
    }

    @Override
    public void policy(RetentionPolicy policy) {
        cube.policy(policy);
    }

    @Override
    public ItemHeat heat(ItemId id) {
        return cube.heat(id);
    }

    @Override
    public WorkingMemory workingMemory(String session) {
        return results().workingMemory(cube.workingMemory(session));
    }

    @Override
    public ChatReply chat(ChatRequest request, Predicate<String> sink) {
        return cube.chat(request, sink);
    }

    @Override
    public ActivationMemory activations() {
        return new RedactedActivationMemory(cube.activations(), redactor());
    }

    /** Nothing that is private or secret is taught, but what was taught may be labeled later. */
    @Override
    public ParametricMemory adapters() {
        return new RedactedParametricMemory(cube.adapters(), redactor());
    }

    @Override
    public TimeMachine time() {
        return new RedactedTimeMachine(cube.time(), redactor());
    }

    @Override
    public CubeDescription describe() {
        return cube.describe();
    }

    @Override
    public Page<SessionInfo> sessions(int limit, String cursor) {
        return cube.sessions(limit, cursor);
    }

    @Override
    public boolean awaitIdle(Duration timeout) {
        return cube.awaitIdle(timeout);
    }

    @Override
    public void compact() {
        cube.compact();
    }

    @Override
    public void reindex() {
        cube.reindex();
    }
}
