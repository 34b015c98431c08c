package io.memos4j.vault.sqlite;

import io.memos4j.api.Actor;
import io.memos4j.api.Actor.TaskRun;
import io.memos4j.api.ErrorCode;
import io.memos4j.api.ItemId;
import io.memos4j.api.MemoryException;
import io.memos4j.api.adapters.Adapter;
import io.memos4j.api.adapters.AdapterChange;
import io.memos4j.api.adapters.AdapterEvaluation;
import io.memos4j.api.adapters.AdapterId;
import io.memos4j.api.adapters.AdapterState;
import io.memos4j.api.adapters.LearningPolicy;
import io.memos4j.api.adapters.LoraShape;
import io.memos4j.api.adapters.TrainingRecord;
import io.memos4j.api.items.MemoryItem;
import io.memos4j.api.tasks.TaskKind;
import io.memos4j.spi.CubeKey;
import io.memos4j.spi.adapters.AdapterWriter;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.SequencedMap;
import java.util.Set;
import java.util.stream.Stream;

/** The adapters of cubes in SQLite. */
final class SqliteAdapters implements AdapterWriter {
    private static final String COLUMNS = "cube_id, name, version, state, why, architecture, trained_hash, served_hash,"
            + " lora, training, evaluation, artifact, bytes, created_at, changed_at";

    private static final String BY_ID = " WHERE cube_id = ? AND name = ? AND version = ?";

    /** Counts an item whose current version {@code c} still says and means the same as {@code t}. */
    private static final String COUNT_UNCHANGED = "SELECT count(*) FROM item i"
            + " CROSS JOIN item_version c ON c.cube_id = i.cube_id AND c.item_id = i.item_id AND c.version = i.version"
            + " CROSS JOIN item_version t ON t.cube_id = i.cube_id AND t.item_id = i.item_id AND t.version = ?"
            + " WHERE i.cube_id = ? AND i.item_id = ? AND c.text = t.text AND c.title = t.title"
            + " AND (c.valid_to IS NULL OR c.valid_to IS t.valid_to)"
            + " AND NOT EXISTS (SELECT 1 FROM succession s WHERE s.cube_id = i.cube_id AND s.item_id = i.item_id)"
            + " AND c.state NOT IN ('expired', 'merged', 'forgotten')"
            + " AND (c.state <> 'archived' OR t.state = 'archived'"
            + " OR c.actor GLOB '" + TaskRun.prefix(TaskKind.DECAY) + "*'"
            + " OR c.actor GLOB '" + TaskRun.prefix(TaskKind.CAPACITY) + "*')";

    private final SqlConnection sql;
    private final Transaction transaction;

    /** The actor of a transaction and the adapters that it has affected. */
    record Transaction(Actor actor, Set<AffectedAdapter> touched) {
        Transaction(Actor actor) {
            this(actor, new HashSet<>());
        }
    }

    /** A change of items that adapters were trained on. */
    private record SourceChange(String what, boolean erased, Instant at) {}

    /** An adapter that was trained on some of them. */
    private record TrainedVersion(AdapterId id, AdapterState state, boolean hasArtifact, ItemId item, int items) {}

    SqliteAdapters(SqlConnection sql, Transaction transaction) {
        this.sql = sql;
        this.transaction = transaction;
    }

    @Override
    public Set<AffectedAdapter> affectedAdapters() {
        return Set.copyOf(transaction.touched);
    }

    /** Handles a new version of an item. */
    void replaced(CubeKey cube, MemoryItem item, boolean rewritten) {
        if (!isUnchanged(cube, new Adapter.Source(item.id(), item.version() - 1))) {
            String what = rewritten ? "got another text" : "ceased to hold";
            suspendTaught(
                    cube,
                    List.of(item.id()),
                    new SourceChange(what, false, item.times().updatedAt()));
        }
    }

    /** An item has a successor; at the time of its current version, which a succession has none of its own for. */
    void succeeded(CubeKey cube, ItemId former, ItemId successor) {
        sql.first(
                        row -> RowMappers.instant(row, 1),
                        "SELECT updated_at FROM item WHERE cube_id = ? AND item_id = ?",
                        cube,
                        former)
                .ifPresent(at -> suspendTaught(
                        cube, List.of(former), new SourceChange("was superseded by item " + successor, false, at)));
    }

    /** Handles the erasure of items. */
    void erased(CubeKey cube, Collection<ItemId> items, Instant at) {
        suspendTaught(cube, items, new SourceChange("was erased", true, at));
    }

    /** Handles the deletion of a cube. */
    void erased(CubeKey cube) {
        sql.query(
                        row -> id(row, 1),
                        "SELECT name, version FROM adapter WHERE cube_id = ? AND artifact IS NOT NULL",
                        cube)
                .forEach(id -> transaction.touched.add(new AffectedAdapter(cube, id)));
    }

    private void suspendTaught(CubeKey cube, Collection<ItemId> items, SourceChange change) {
        List<TrainedVersion> trained = sql.query(
                row -> new TrainedVersion(
                        id(row, 1),
                        AdapterState.parse(row.getString(3)),
                        row.getBoolean(4),
                        StoredIds.of(row.getBytes(5)),
                        row.getInt(6)),
                "SELECT a.name, a.version, a.state, a.artifact IS NOT NULL, min(s.item_id), count(DISTINCT s.item_id)"
                        + " FROM " + StoredIds.LIST + " ids CROSS JOIN adapter_source s CROSS JOIN adapter a"
                        + " WHERE s.cube_id = ? AND s.item_id = ids.id"
                        + " AND a.cube_id = s.cube_id AND a.name = s.name AND a.version = s.version"
                        + " GROUP BY a.name, a.version",
                StoredIds.list(items),
                cube);
        for (TrainedVersion version : trained) {
            suspendTaught(cube, version, change);
        }
    }

    private void suspendTaught(CubeKey cube, TrainedVersion version, SourceChange change) {
        boolean suspends = switch (version.state) {
            case CANDIDATE, ADMITTED, ACTIVE -> true;
            case SUSPENDED, RETIRED -> false;
        };
        String more = version.items == 1 ? "" : ", and " + (version.items - 1) + " more that it was taught";
        String why = "item " + version.item + " " + change.what + more;
        if (suspends) {
            moveTo(cube, version.id, AdapterState.SUSPENDED, why, change.at);
        } else if (change.erased && version.hasArtifact) {
            recordNote(cube, version.id, why, change.at);
            drop(cube, version.id);
        }
    }

    /** Deletes the artifact of a version that is never used again. */
    private void drop(CubeKey cube, AdapterId id) {
        update(cube, id, "artifact = NULL, bytes = NULL");
        transaction.touched.add(new AffectedAdapter(cube, id));
    }

    @Override
    public LearningPolicy policy(CubeKey cube) {
        return sql.first(
                        row -> new LearningPolicy(
                                row.getBoolean(1),
                                row.getBoolean(2),
                                row.getDouble(3),
                                Duration.ofMillis(row.getLong(4))),
                        "SELECT consent, automatic, heat, stable_ms FROM learning WHERE cube_id = ?",
                        cube)
                .orElse(LearningPolicy.DEFAULT);
    }

    @Override
    public void policy(CubeKey cube, LearningPolicy policy) {
        sql.update(
                "INSERT OR REPLACE INTO learning (cube_id, consent, automatic, heat, stable_ms) VALUES (?, ?, ?, ?, ?)",
                cube,
                policy.consent(),
                policy.automatic(),
                policy.heat(),
                policy.stable().toMillis());
    }

    @Override
    public List<Adapter> of(CubeKey cube) {
        return sql.query(
                this::adapter,
                "SELECT " + COLUMNS + " FROM adapter WHERE cube_id = ? ORDER BY name, version DESC",
                cube);
    }

    @Override
    public SequencedMap<AdapterId, String> active(CubeKey cube) {
        return sql.map(
                row -> id(row, 1),
                row -> row.getString(3),
                "SELECT name, version, artifact FROM adapter WHERE cube_id = ? AND state = 'active' ORDER BY name",
                cube);
    }

    @Override
    public Optional<Adapter> find(CubeKey cube, AdapterId id) {
        return sql.first(this::adapter, "SELECT " + COLUMNS + " FROM adapter" + BY_ID, cube, id.name(), id.version());
    }

    private Adapter adapter(ResultSet row) throws SQLException {
        AdapterId id = id(row, 2);
        Optional<String> artifact = Optional.ofNullable(row.getString(12));
        long bytes = row.getLong(13);
        return new Adapter(
                id,
                AdapterState.parse(row.getString(4)),
                row.getString(5),
                new Adapter.Base(row.getString(6), row.getString(7), row.getString(8)),
                SqliteJson.read(row.getString(9), LoraShape.class),
                taught(RowMappers.cubeKey(row, 1), id),
                SqliteJson.read(row.getString(10), TrainingRecord.class),
                Optional.ofNullable(row.getString(11)).map(json -> SqliteJson.read(json, AdapterEvaluation.class)),
                artifact.map(hash -> new Adapter.Artifact(hash, bytes)),
                RowMappers.instant(row, 14),
                RowMappers.instant(row, 15));
    }

    private static AdapterId id(ResultSet row, int column) throws SQLException {
        return new AdapterId(row.getString(column), row.getInt(column + 1));
    }

    private List<Adapter.Source> taught(CubeKey cube, AdapterId id) {
        return sql.query(
                row -> new Adapter.Source(StoredIds.of(row.getBytes(1)), row.getInt(2)),
                "SELECT item_id, item_version FROM adapter_source" + BY_ID + " ORDER BY position",
                cube,
                id.name(),
                id.version());
    }

    @Override
    public List<AdapterChange> changes(CubeKey cube) {
        return sql.query(
                row -> new AdapterChange(
                        id(row, 1),
                        AdapterState.parse(row.getString(3)),
                        row.getString(4),
                        Actor.parse(row.getString(5)),
                        RowMappers.instant(row, 6)),
                "SELECT name, version, state, why, actor, at FROM adapter_change WHERE cube_id = ? ORDER BY number",
                cube);
    }

    @Override
    public Set<String> artifacts() {
        return Set.copyOf(
                sql.query(row -> row.getString(1), "SELECT DISTINCT artifact FROM adapter WHERE artifact IS NOT NULL"));
    }

    @Override
    public Set<CubeKey> cubesWithSuspended() {
        return Set.copyOf(sql.query(
                row -> RowMappers.cubeKey(row, 1),
                "SELECT DISTINCT a.cube_id FROM adapter a WHERE a.state = 'suspended' AND NOT EXISTS (SELECT 1"
                        + " FROM adapter b WHERE b.cube_id = a.cube_id AND b.name = a.name"
                        + " AND b.version > a.version)"));
    }

    @Override
    public boolean record(CubeKey cube, Adapter adapter) {
        AdapterId id = adapter.id();
        if (!areSourcesUnchanged(cube, adapter.taught())) {
            return false;
        }
        if (find(cube, id).isPresent()) {
            throw new MemoryException(
                    ErrorCode.VERSION_CONFLICT,
                    "There is an adapter " + id + " in the cube already. Record it under the next version.");
        }
        if (adapter.state() == AdapterState.ACTIVE) {
            retireActive(cube, id, adapter.changedAt());
        }
        insert(cube, adapter);
        int position = 0;
        for (Adapter.Source source : adapter.taught()) {
            sql.update(
                    "INSERT INTO adapter_source (cube_id, name, version, position, item_id, item_version)"
                            + " VALUES (?, ?, ?, ?, ?, ?)",
                    cube,
                    id.name(),
                    id.version(),
                    position++,
                    source.item(),
                    source.version());
        }
        recordNote(cube, id, adapter.why(), adapter.changedAt());
        return true;
    }

    @Override
    public boolean areSourcesUnchanged(CubeKey cube, List<Adapter.Source> sources) {
        return sources.stream().allMatch(source -> isUnchanged(cube, source));
    }

    private boolean isUnchanged(CubeKey cube, Adapter.Source source) {
        return sql.number(COUNT_UNCHANGED, source.version(), cube, source.item()) == 1;
    }

    private void insert(CubeKey cube, Adapter adapter) {
        sql.update(
                "INSERT INTO adapter (" + COLUMNS + ") VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
                cube,
                adapter.id().name(),
                adapter.id().version(),
                adapter.state().id(),
                adapter.why(),
                adapter.base().architecture(),
                adapter.base().trainedHash(),
                adapter.base().servedHash(),
                SqliteJson.of(adapter.lora()),
                SqliteJson.of(adapter.training()),
                adapter.evaluation().map(SqliteJson::of).orElse(null),
                adapter.artifact().map(Adapter.Artifact::hash).orElse(null),
                adapter.artifact().map(Adapter.Artifact::bytes).orElse(null),
                adapter.createdAt(),
                adapter.changedAt());
    }

    @Override
    public void recordEvaluation(CubeKey cube, AdapterId id, AdapterEvaluation evaluation) {
        update(cube, id, "evaluation = ?", SqliteJson.of(evaluation));
    }

    @Override
    public boolean move(CubeKey cube, AdapterId id, AdapterState state, String why, Instant at) {
        boolean allowed = sql.number(
                        "SELECT count(*) FROM adapter" + BY_ID
                                + " AND state <> 'suspended' AND (artifact IS NOT NULL OR ? <> 'active')",
                        cube,
                        id.name(),
                        id.version(),
                        state.id())
                == 1;
        if (allowed) {
            if (state == AdapterState.ACTIVE) {
                retireActive(cube, id, at);
            }
            moveTo(cube, id, state, why, at);
        }
        return allowed;
    }

    /** Retires the active version of a name in favor of another version. */
    private void retireActive(CubeKey cube, AdapterId by, Instant at) {
        sql.first(
                        row -> new AdapterId(by.name(), row.getInt(1)),
                        "SELECT version FROM adapter WHERE cube_id = ? AND name = ? AND version <> ?"
                                + " AND state = 'active'",
                        cube,
                        by.name(),
                        by.version())
                .ifPresent(former -> moveTo(cube, former, AdapterState.RETIRED, by + " took its place", at));
    }

    private void moveTo(CubeKey cube, AdapterId id, AdapterState state, String why, Instant at) {
        update(cube, id, "state = ?, why = ?, changed_at = ?", state.id(), why, at);
        recordNote(cube, id, why, at);
        if (state == AdapterState.SUSPENDED) {
            drop(cube, id);
        }
    }

    private void update(CubeKey cube, AdapterId id, String assignments, Object... values) {
        Object[] all = Stream.concat(Stream.of(values), Stream.of(cube, id.name(), id.version()))
                .toArray();
        sql.update("UPDATE adapter SET " + assignments + BY_ID, all);
    }

    @Override
    public void recordNote(CubeKey cube, AdapterId id, String what, Instant at) {
        sql.update(
                "INSERT INTO adapter_change (cube_id, number, name, version, state, why, actor, at) SELECT cube_id,"
                        + " (SELECT ifnull(max(c.number), 0) + 1 FROM adapter_change c"
                        + " WHERE c.cube_id = adapter.cube_id),"
                        + " name, version, state, ?, ?, ? FROM adapter" + BY_ID,
                what,
                transaction.actor.stored(),
                at,
                cube,
                id.name(),
                id.version());
    }
}
