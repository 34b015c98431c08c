package io.memos4j.api;

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
import io.memos4j.api.items.MemoryInput;
import io.memos4j.api.items.MemoryItem;
import io.memos4j.api.items.Note;
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
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;

/**
 * A container of memories: isolated from every other cube, durable, searchable.
 *
 * <p>Thread-safe; every call blocks until it is done and answers an interrupt with {@link ErrorCode#INTERRUPTED}. A
 * cube needs no closing: it lives as long as the engine that handed it out. Calls on a deleted cube fail with
 * {@link ErrorCode#CUBE_NOT_FOUND}.
 */
public interface MemCube {
    CubeId id();

    /**
     * Returns this cube as a reader sees it: what its privacy policy keeps from that reader is withheld from every
     * result, and does not count in searches and filters. A cube of {@code MemOs} is that of its owner, who reads
     * everything; only the context of searches and chats leaves out what the policy keeps from language models. The
     * view of a view has the rights of both.
     */
    MemCube as(Reader reader);

    /**
     * Remembers a batch, all or nothing. When it returns, the items survive a crash of process and machine and are
     * found by a search; their vectors follow when the embedder gets to them.
     *
     * @throws MemoryException if an input is unusable (nothing is stored then) or the storage fails
     */
    AddResult add(AddRequest request);

    default AddResult add(Collection<? extends MemoryInput> inputs) {
        return add(AddRequest.of(inputs));
    }

    default AddResult add(MemoryInput... inputs) {
        return add(AddRequest.of(List.of(inputs)));
    }

    /** Remembers plain text. */
    default AddResult add(String text) {
        return add(Note.of(text));
    }

    /** The item with this id, whatever its state; counts as a use. */
    Optional<MemoryItem> get(ItemId id);

    /** Lists items in any state. Forgotten ones are left out, unless the filter names the state {@code forgotten}. */
    Page<MemoryItem> list(ListRequest request);

    /** Makes a new version of an item and returns it. An edit that changes nothing makes none. */
    MemoryItem update(ItemId id, ItemEdit edit);

    /** Every version of an item, oldest first; empty if there is no such item. */
    List<ItemVersion> history(ItemId id);

    /**
     * Explains an item: the chain to its sources, and who created and changed it.
     *
     * @throws MemoryException with {@link ErrorCode#ITEM_NOT_FOUND}
     */
    ItemExplanation explain(ItemId id);

    /**
     * Returns the relatives of an item: its sources and the items made from it, what it replaced and what replaced it,
     * and what background tasks found to be alike, strongest first.
     *
     * @throws MemoryException with {@link ErrorCode#ITEM_NOT_FOUND}
     */
    List<RelatedItem> related(ItemId id);

    /**
     * Returns what changed lately and why: every change of an item since it was added, latest first. What is withheld
     * because it is to be forgotten is listed without its text, unless the request asks for that item or for changes of
     * the kind {@link io.memos4j.api.history.ChangeKind#FORGOTTEN}.
     */
    Page<ChangeRecord> changes(ChangeRequest request);

    /**
     * Undoes a change: the item gets back its former text, state, times and successor, by a new version, which is
     * listed as a change itself. A time to live that has ended is left out. Undoing a request to forget gives back
     * everything that it covered; {@link #reinstate} gives back one memory. Undoing twice changes nothing.
     *
     * @throws MemoryException with {@link ErrorCode#INVALID_ARGUMENT} if there is no such change, a later change stands
     *     in the way, the item is frozen, or the successor to be restored was erased
     */
    UndoResult undo(ChangeId change);

    /** Returns the supersessions in which this item is the former or the successor. */
    List<SupersessionRecord> supersessions(ItemId id);

    /**
     * Supersedes an item by another: the former is archived and was valid until the successor occurred.
     *
     * @return the former's new version
     */
    MemoryItem supersede(ItemId former, ItemId successor, String reason);

    /**
     * Undoes a supersession, an archiving, an expiry or a forgetting: the item is valid and recalled again, and an
     * ended time to live is removed. Its successor stays as it is. What was forgotten comes back with the memories made
     * from it.
     */
    MemoryItem reinstate(ItemId id);

    /**
     * Removes items with all their versions, vectors, links and index entries, and whatever was derived from them. What
     * matches nothing removes nothing. The last traces leave the disk within the hour, or at once by
     * {@link #compact()}.
     */
    DeleteResult delete(Selection selection);

    /**
     * Deletes like {@link #delete}, rewrites the storage at once, looks for the erased words in every byte of the data
     * directory, and answers with a signed receipt. The time grows with the size of the directory. What could not be
     * completed, or is said by another memory, too, is in {@link ErasureReceipt#remaining}.
     */
    ErasureReceipt erase(Selection selection);

    SearchResult search(SearchRequest request);

    default SearchResult search(String query) {
        return search(SearchRequest.of(query));
    }

    /**
     * Runs the extraction of new messages by the configured language model now rather than in the background.
     *
     * @throws MemoryException with {@link ErrorCode#INVALID_CONFIGURATION} if there is no model; as the model fails,
     *     and then what was not read stays to be read
     */
    ExtractionResult extract();

    /**
     * Applies a user's feedback: a correction supersedes what it corrects and is kept as a message; ratings move items
     * up or down in this cube, within bounds.
     */
    FeedbackResult feedback(Feedback feedback);

    /**
     * Restores an earlier version of an item as its next one: undoes an update, a change by extraction, or a
     * retirement.
     */
    MemoryItem restore(ItemId id, int version);

    /** Returns the settings of this cube. */
    CubeSettings settings();

    /** Sets the settings of this cube; they also hold for what it has already. */
    void settings(CubeSettings settings);

    /** Returns the retention policy of this cube. */
    RetentionPolicy policy();

    /** Sets the retention policy of this cube; items past the new bounds are archived in the background. */
    void policy(RetentionPolicy policy);

    /**
     * Returns the heat of an item.
     *
     * @throws MemoryException with {@link ErrorCode#ITEM_NOT_FOUND}
     */
    ItemHeat heat(ItemId id);

    /**
     * Returns the working memory of a conversation: what was lately said and found in it, and what was preloaded for
     * its next question. Empty for one that is not known. A crash may lose the last second.
     */
    WorkingMemory workingMemory(String session);

    /**
     * Continues a conversation: recalls what helps to answer, and lets the configured model answer. What is the same
     * from call to call is placed at the start of the prompt and not computed again.
     *
     * @param sink takes the text as it comes and returns true to continue; an answer that it ends is remembered up to
     *     there
     * @throws MemoryException with {@link ErrorCode#INVALID_CONFIGURATION} if no model is configured to answer; as the
     *     model fails, and then nothing is remembered
     */
    ChatReply chat(ChatRequest request, Predicate<String> sink);

    /** {@link #chat(ChatRequest, Predicate)} without looking at the text as it comes. */
    default ChatReply chat(ChatRequest request) {
        return chat(request, text -> true);
    }

    /** Returns the activation memory: the fixed start of this cube's prompts, and its KV cache. */
    ActivationMemory activations();

    /** Returns the parametric memory: the adapters that were trained on this cube. */
    ParametricMemory adapters();

    /** Returns the time machine: earlier states of the cube to read, compare and return to. */
    TimeMachine time();

    CubeDescription describe();

    /**
     * The sessions, by name; what belongs to none is left out.
     *
     * @param limit 1 to {@value ListRequest#MAX_LIMIT}
     * @param cursor from the page before; empty for the first
     */
    Page<SessionInfo> sessions(int limit, String cursor);

    /**
     * Waits until every item so far has its vector in the index and, if there is a language model, has been read, and
     * until what was said in conversations is computed for the next question; false if the time or the model's budget
     * ran out first.
     */
    boolean awaitIdle(Duration timeout);

    /** Rewrites the cube's storage so that no byte of a deleted text is left in it, and gives the space back. */
    void compact();

    /**
     * Drops the derived index and rebuilds it from the vault. If the configured embedder is not the one of the cube's
     * vectors, the vectors are computed anew in the background.
     */
    void reindex();
}
