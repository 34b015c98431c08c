package io.memos4j.spi;

import io.memos4j.api.CubeId;
import io.memos4j.api.ItemId;
import io.memos4j.api.Succession;
import io.memos4j.api.TaskKind;
import java.time.Instant;
import java.time.LocalDate;
import java.util.Collection;
import java.util.List;

/** A transaction on the vault; sees its own changes. Not thread-safe; valid inside {@link Vault#write} only. */
public interface VaultWriter extends VaultReader {
    /** Makes a cube. The name must be free. */
    CubeRow createCube(CubeId id, String embedder, int dimension, Instant now);

    /** Records another embedder, drops every vector of the cube and marks all passages as pending. */
    void changeEmbedder(CubeKey cube, String embedder, int dimension);

    /** Removes a cube with everything in it. */
    void deleteCube(CubeKey cube);

    /** Adds items of version 1; each gets the cube's next sequence number. */
    void insert(CubeKey cube, List<StoredItem> items);

    /** Adds the next version of an existing item and replaces its passages. */
    void replace(CubeKey cube, StoredItem item);

    /** Records that an item has a successor, with its current version too; a former record about it is replaced. */
    void succeed(CubeKey cube, Succession succession);

    /** Forgets that an item, and its current version, has a successor; former versions keep it. */
    void unsucceed(CubeKey cube, ItemId former);

    /** Says that a kind of task has worked on everything up to this place in the order of insertion. */
    void mark(CubeKey cube, TaskKind kind, long ordinal);

    /** Adds to what was spent on a day, UTC. */
    void spend(CubeKey cube, LocalDate day, Spending more);

    /** Adds to the rating of an item. */
    void rate(CubeKey cube, ItemId item, int change);

    /**
     * Removes items with all versions, passages, vectors, claims, successions, ratings and links; only their bare ids remain, as tombstones
     * and with the adapters that were taught them.
     */
    void erase(CubeKey cube, Collection<ItemId> ids, Instant now);

    /** Stores vectors and gives each touched item the cube's next sequence number. Vectors of other versions are ignored. */
    void storeVectors(List<PassageVector> vectors);

    /** Remembers an answer under an idempotency key. */
    void remember(CubeKey cube, String idempotencyKey, StoredAnswer answer, Instant now);

    /** Forgets answers that were remembered before {@code before}. */
    void forgetAnswers(Instant before);

    @Override
    TaskWriter tasks();

    @Override
    UsageWriter usage();

    @Override
    PastWriter past();

    @Override
    RelationWriter relations();

    @Override
    TransferWriter transfers();

    @Override
    GovernanceWriter governance();

    @Override
    ActivationWriter activations();

    @Override
    AdapterWriter adapters();
}
