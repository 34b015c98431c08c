package io.memos4j.spi.vault;

import io.memos4j.api.CubeDescription;
import io.memos4j.api.CubeId;
import io.memos4j.api.ItemId;
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

    /** Every cube, by name. */
    List<CubeRow> cubes();

    /** The cube with this key, with the number of its last change; empty if the cube is gone. */
    Optional<CubeRow> findCube(CubeKey key);

    CubeDescription describe(CubeRow cube);

    /** The items with these ids, in this order; unknown ids are left out. */
    List<MemoryItem> items(CubeKey cube, Collection<ItemId> ids);

    /**
     * The cubes that hold an item of this id, oldest first: one, more where it was copied, none if there is no such
     * item.
     */
    List<CubeRow> findCubesWith(ItemId id);

    /** Returns the passages of an item's current version; empty if there is no such item. */
    List<Passage> passages(CubeKey cube, ItemId id);

    /**
     * The vectors of the passages of these items' current versions, in no order; passages without a vector are left
     * out.
     */
    List<PassageVector> vectors(CubeKey cube, Collection<ItemId> ids);

    /**
     * A page of current items.
     *
     * @throws io.memos4j.api.MemoryException with {@link io.memos4j.api.ErrorCode#INVALID_ARGUMENT} for a cursor that
     *     is not this listing's
     */
    Page<MemoryItem> list(CubeKey cube, ListRequest request);

    /** The first sessions whose name comes after this one, in order of their code points; without the empty one. */
    List<SessionInfo> sessions(CubeKey cube, String after, int limit);

    /** Ids of the items that a selection names, in order of insertion. */
    List<ItemId> select(CubeKey cube, Selection selection);

    /** Ids of the items that were made, directly or through others, from these; without these themselves. */
    List<ItemId> derivedFrom(CubeKey cube, Collection<ItemId> ids);

    /** Every version, oldest first; empty if there is no such item. */
    List<ItemVersion> versions(CubeKey cube, ItemId id);

    /**
     * For each of these items the ones inserted directly before and after it in the same named session, whatever their
     * state; an item without a session has none.
     */
    Map<ItemId, SessionNeighbors> sessionNeighbors(CubeKey cube, Collection<ItemId> ids);

    /** Changes after sequence number {@code after}, at most about {@code limit} items. */
    ChangeBatch changes(CubeKey cube, long after, int limit);

    /**
     * Items of a cube that wait for vectors, with about {@code limit} waiting passages together; a text of very many
     * passages comes in several slices.
     */
    List<PendingItem> pending(CubeKey cube, int limit);

    /** The cubes of this embedder that have waiting passages. */
    List<CubeKey> cubesWithPending(String embedder);

    /** Returns true if any passage of the cube lacks its vector; cheap. */
    boolean hasPending(CubeKey cube);

    /** Returns the last items that were inserted into a session, last one first. */
    List<FingerprintedItem> recentFingerprints(CubeKey cube, String session, int limit);

    /** Returns the first item with each of these fingerprints, as far as there is one. */
    Map<String, ItemId> findByFingerprint(CubeKey cube, Collection<String> fingerprints);

    /** Returns what activated items claim for this key, in order of insertion. */
    List<ClaimedValue> findClaims(CubeKey cube, String key);

    /** The activated items that hold a claim, last inserted first. */
    List<ItemId> itemsWithClaims(CubeKey cube, int limit);

    /** The keys after this one, in order, under which activated items claim more than one value. */
    List<String> contestedKeys(CubeKey cube, String after, int limit);

    /** The successions in which one of these items is the former or the successor, oldest first. */
    List<SupersessionRecord> supersessions(CubeKey cube, Collection<ItemId> ids);

    /** The first items that match, in order of insertion, after the mark of a kind of task. */
    List<InsertedItem> itemsAfterMark(CubeKey cube, TaskKind kind, Filter filter, int limit);

    /** Returns the model spending of a day, UTC. */
    ModelSpending spending(CubeKey cube, LocalDate day);

    /** The ratings of those of these items that have one. */
    Map<ItemId, Integer> ratings(CubeKey cube, Collection<ItemId> ids);

    Optional<StoredAnswer> findAnswer(CubeKey cube, String idempotencyKey);

    /** The background tasks. */
    TaskReader tasks();

    /** Use, heat and working memory. */
    UsageReader usage();

    /** Former states. */
    HistoryReader history();

    /** The relations between items. */
    RelationReader relations();

    /** Comparison of the contents of two cubes. */
    TransferReader transfers();

    /** Principals, keys, grants, audit. */
    AccessReader access();

    /** Promoted items and saved KV caches. */
    ActivationReader activations();

    /** Adapters, and what may be taught. */
    AdapterReader adapters();
}
