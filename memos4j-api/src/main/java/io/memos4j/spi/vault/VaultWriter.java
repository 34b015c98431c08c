package io.memos4j.spi.vault;

import io.memos4j.api.CubeId;
import io.memos4j.api.ItemId;
import io.memos4j.api.history.SupersessionRecord;
import io.memos4j.api.items.MemoryItem;
import io.memos4j.api.privacy.PrivacyPolicy;
import io.memos4j.api.privacy.SensitivityLabel;
import io.memos4j.api.tasks.TaskKind;
import io.memos4j.spi.CubeKey;
import io.memos4j.spi.CubeRow;
import io.memos4j.spi.access.AccessWriter;
import io.memos4j.spi.access.AuditWriter;
import io.memos4j.spi.adapters.AdapterWriter;
import io.memos4j.spi.history.HistoryWriter;
import io.memos4j.spi.items.PassageVector;
import io.memos4j.spi.items.RelationWriter;
import io.memos4j.spi.items.StoredAnswer;
import io.memos4j.spi.items.StoredItem;
import io.memos4j.spi.kvcache.ActivationWriter;
import io.memos4j.spi.retention.UsageWriter;
import io.memos4j.spi.tasks.TaskWriter;
import io.memos4j.spi.transfer.TransferWriter;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneId;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;

/** A transaction on the vault; sees its own changes. Not thread-safe; valid inside {@link Vault#write} only. */
public interface VaultWriter extends VaultReader {
    /** Creates a cube. The name must be free. */
    CubeRow createCube(CubeId id, String embedder, int dimension, Instant now);

    /** Sets the time zone of a cube, or takes it away. */
    void setZone(CubeKey cube, Optional<ZoneId> zone);

    /** Sets the privacy policy of a cube. */
    void setPrivacy(CubeKey cube, PrivacyPolicy privacy);

    /**
     * Labels versions that an earlier release stored without a label, of all cubes.
     *
     * @param limit the most versions to label
     * @return their number; 0 if none is left
     */
    int screen(int limit, Function<MemoryItem, SensitivityLabel> labels);

    /** Records another embedder, drops every vector of the cube and marks all passages as pending. */
    void changeEmbedder(CubeKey cube, String embedder, int dimension);

    /** Removes a cube with everything in it. */
    void deleteCube(CubeKey cube);

    /** Adds items of version 1; each gets the cube's next sequence number. */
    void insert(CubeKey cube, List<StoredItem> items);

    /** Adds the next version of an existing item and replaces its passages. */
    void replace(CubeKey cube, StoredItem item);

    /** Records the successor of an item and of its current version, in place of a former one. */
    void recordSupersession(CubeKey cube, SupersessionRecord succession);

    /** Removes the successor of an item and of its current version; former versions keep theirs. */
    void removeSupersession(CubeKey cube, ItemId former);

    /** Records that a kind of task has processed everything up to this place in the order of insertion. */
    void setMark(CubeKey cube, TaskKind kind, long ordinal);

    /** Adds to the spending of a day, UTC. */
    void addSpending(CubeKey cube, LocalDate day, ModelSpending more);

    /** Adds to the rating of an item. */
    void rate(CubeKey cube, ItemId item, int change);

    /**
     * Removes items with all versions, passages, vectors, claims, supersessions, ratings and links; only their ids
     * remain, as tombstones and in the adapters that were taught them.
     */
    void erase(CubeKey cube, Collection<ItemId> ids, Instant now);

    /**
     * Stores vectors and gives each touched item the cube's next sequence number. Vectors of other versions are
     * ignored.
     */
    void storeVectors(List<PassageVector> vectors);

    /** Stores an answer under an idempotency key. */
    void storeAnswer(CubeKey cube, String idempotencyKey, StoredAnswer answer, Instant now);

    /** Deletes the answers stored before {@code before}. */
    void deleteAnswers(Instant before);

    @Override
    TaskWriter tasks();

    @Override
    UsageWriter usage();

    @Override
    HistoryWriter history();

    @Override
    RelationWriter relations();

    @Override
    TransferWriter transfers();

    @Override
    AccessWriter access();

    @Override
    AuditWriter audit();

    /** Returns the items that this transaction has added, replaced or erased, each once, in that order. */
    Set<ItemId> changedItems();

    @Override
    ActivationWriter activations();

    @Override
    AdapterWriter adapters();
}
