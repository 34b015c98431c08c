package io.memos4j.spi.vault;

import io.memos4j.api.CubeDescription;
import io.memos4j.api.CubeId;
import io.memos4j.api.ErrorCode;
import io.memos4j.api.ItemId;
import io.memos4j.api.MemoryException;
import io.memos4j.api.Page;
import io.memos4j.api.history.ItemVersion;
import io.memos4j.api.history.SupersessionRecord;
import io.memos4j.api.items.Filter;
import io.memos4j.api.items.ListRequest;
import io.memos4j.api.items.MemoryItem;
import io.memos4j.api.items.Selection;
import io.memos4j.api.items.SessionInfo;
import io.memos4j.api.tasks.TaskKind;
import io.memos4j.spi.CubeKey;
import io.memos4j.spi.CubeRow;
import io.memos4j.spi.access.AccessReader;
import io.memos4j.spi.access.AuditReader;
import io.memos4j.spi.adapters.AdapterReader;
import io.memos4j.spi.history.HistoryReader;
import io.memos4j.spi.index.ChangeBatch;
import io.memos4j.spi.index.Passage;
import io.memos4j.spi.items.ClaimedValue;
import io.memos4j.spi.items.FingerprintedItem;
import io.memos4j.spi.items.InsertedItem;
import io.memos4j.spi.items.PassageVector;
import io.memos4j.spi.items.PendingItem;
import io.memos4j.spi.items.RelationReader;
import io.memos4j.spi.items.SessionNeighbors;
import io.memos4j.spi.items.StoredAnswer;
import io.memos4j.spi.kvcache.ActivationReader;
import io.memos4j.spi.retention.UsageReader;
import io.memos4j.spi.tasks.TaskReader;
import io.memos4j.spi.transfer.TransferReader;
import java.time.LocalDate;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** A consistent view of the vault. Not thread-safe; valid inside {@link Vault#read} or {@link Vault#write} only. */
public interface VaultReader {
    Optional<CubeRow> findCube(CubeId id);

    /** Returns every cube, by name. */
    List<CubeRow> cubes();

    /** Returns the cube with this key; empty if it was deleted. */
    Optional<CubeRow> findCube(CubeKey key);

    /**
     * Returns the cube with this name.
     *
     * @throws MemoryException with {@link ErrorCode#CUBE_NOT_FOUND}
     */
    default CubeRow requireCube(CubeId id) {
        return findCube(id)
                .orElseThrow(() -> new MemoryException(ErrorCode.CUBE_NOT_FOUND, "There is no cube '" + id + "'."));
    }

    /**
     * Returns the cube with this key.
     *
     * @param id its name, for the message
     * @throws MemoryException with {@link ErrorCode#CUBE_NOT_FOUND} if it was deleted
     */
    default CubeRow requireCube(CubeKey key, CubeId id) {
        return findCube(key)
                .orElseThrow(() -> new MemoryException(ErrorCode.CUBE_NOT_FOUND, "Cube '" + id + "' was deleted."));
    }

    CubeDescription describe(CubeRow cube);

    /** Returns the items with these ids, in this order; unknown ids are left out. */
    List<MemoryItem> items(CubeKey cube, Collection<ItemId> ids);

    /** Returns an item in any state. */
    default Optional<MemoryItem> findItem(CubeKey cube, ItemId id) {
        return items(cube, List.of(id)).stream().findFirst();
    }

    /**
     * Returns the cubes that hold an item with this id, oldest first: several if it was copied, none if there is no
     * such item.
     */
    List<CubeRow> findCubesWith(ItemId id);

    /** Returns the passages of an item's current version; empty if there is no such item. */
    List<Passage> passages(CubeKey cube, ItemId id);

    /**
     * Returns the vectors of the passages of these items' current versions, in no order; passages without a vector are
     * left out.
     */
    List<PassageVector> vectors(CubeKey cube, Collection<ItemId> ids);

    /**
     * Returns a page of current items.
     *
     * @throws MemoryException with {@link ErrorCode#INVALID_ARGUMENT} for a cursor of another listing
     */
    Page<MemoryItem> list(CubeKey cube, ListRequest request);

    /** Returns the first named sessions after this name, in order of code points. */
    List<SessionInfo> sessions(CubeKey cube, String after, int limit);

    /** Returns the ids of the selected items, in order of insertion. */
    List<ItemId> select(CubeKey cube, Selection selection);

    /** Returns the ids of the items that were derived from these, directly or not, without these. */
    List<ItemId> derivedFrom(CubeKey cube, Collection<ItemId> ids);

    /** Returns every version, oldest first; empty if there is no such item. */
    List<ItemVersion> versions(CubeKey cube, ItemId id);

    /**
     * Returns for each of these items the ones inserted directly before and after it in its session, in any state;
     * items without a session have none.
     */
    Map<ItemId, SessionNeighbors> sessionNeighbors(CubeKey cube, Collection<ItemId> ids);

    /** Returns the changes after sequence number {@code after}, at most about {@code limit} items. */
    ChangeBatch changes(CubeKey cube, long after, int limit);

    /**
     * Returns items that lack vectors, with about {@code limit} such passages in total; a text of very many passages
     * comes in several slices.
     */
    List<PendingItem> pending(CubeKey cube, int limit);

    /** Returns whether something was erased since the last {@link Vault#compact}. */
    boolean hasErasures();

    /**
     * Returns the cubes with items that were erased after the cube's mark of {@link TaskKind#COMPACT}, a sequence
     * number.
     */
    List<CubeRow> cubesWithErasures();

    /** Returns the cubes of this embedder that have passages without vectors. */
    List<CubeKey> cubesWithPending(String embedder);

    /** Returns true if any passage of the cube lacks its vector; cheap. */
    boolean hasPending(CubeKey cube);

    /** Returns the last items that were inserted into a session, last one first. */
    List<FingerprintedItem> recentFingerprints(CubeKey cube, String session, int limit);

    /** Returns the first item with each of these fingerprints, as far as there is one. */
    Map<String, ItemId> findByFingerprint(CubeKey cube, Collection<String> fingerprints);

    /** Returns what activated items claim for this key, in order of insertion. */
    List<ClaimedValue> findClaims(CubeKey cube, String key);

    /** Returns the activated items that hold a claim, last inserted first. */
    List<ItemId> itemsWithClaims(CubeKey cube, int limit);

    /** Returns the first keys after this one for which activated items claim several values, in order. */
    List<String> contestedKeys(CubeKey cube, String after, int limit);

    /** Returns the supersessions in which one of these items is the former or the successor, oldest first. */
    List<SupersessionRecord> supersessions(CubeKey cube, Collection<ItemId> ids);

    /** Returns the first matching items after the mark of a kind of task, in order of insertion. */
    List<InsertedItem> itemsAfterMark(CubeKey cube, TaskKind kind, Filter filter, int limit);

    /** Returns the model spending of a day, UTC. */
    ModelSpending spending(CubeKey cube, LocalDate day);

    /** Returns the ratings of these items, as far as they have one. */
    Map<ItemId, Integer> ratings(CubeKey cube, Collection<ItemId> ids);

    Optional<StoredAnswer> findAnswer(CubeKey cube, String idempotencyKey);

    /** Returns the task queue. */
    TaskReader tasks();

    /** Returns usage, heat and working memory. */
    UsageReader usage();

    /** Returns earlier states. */
    HistoryReader history();

    /** Returns the relations between items. */
    RelationReader relations();

    /** Returns comparisons of the contents of two cubes. */
    TransferReader transfers();

    /** Returns principals, keys and grants. */
    AccessReader access();

    /** Returns the audit log. */
    AuditReader audit();

    /** Returns promoted items and saved KV caches. */
    ActivationReader activations();

    /** Returns adapters and learning policies. */
    AdapterReader adapters();
}
