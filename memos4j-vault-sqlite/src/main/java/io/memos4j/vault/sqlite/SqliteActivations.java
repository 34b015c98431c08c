package io.memos4j.vault.sqlite;

import io.memos4j.api.ItemId;
import io.memos4j.spi.CubeKey;
import io.memos4j.spi.kvcache.ActivationSource;
import io.memos4j.spi.kvcache.ActivationWriter;
import io.memos4j.spi.kvcache.PromotedItem;
import io.memos4j.spi.kvcache.StoredActivation;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** Promoted items and saved KV caches in SQLite. */
final class SqliteActivations implements ActivationWriter {
    private static final String COLUMNS =
            "cube_id, file, model, caches, runtime, tokens, bytes, prefill_ms, created_at,"
                    + " used_at, uses, expires_at";

    private final SqlConnection sql;
    private final Touched touched;

    /** The cubes in which a transaction has changed or erased something. */
    record Touched(Set<CubeKey> changed, Set<CubeKey> erased) {
        Touched() {
            this(new HashSet<>(), new HashSet<>());
        }
    }

    SqliteActivations(SqlConnection sql, Touched touched) {
        this.sql = sql;
        this.touched = touched;
    }

    @Override
    public Set<CubeKey> changedCubes() {
        return Set.copyOf(touched.changed);
    }

    @Override
    public Set<CubeKey> erasedCubes() {
        return Set.copyOf(touched.erased);
    }

    /** Deletes everything that depends on erased items. */
    void erased(CubeKey cube, Collection<ItemId> items) {
        touched.erased.add(cube);
        changed(cube, items);
    }

    /** Deletes everything that depends on former versions of items. */
    void changed(CubeKey cube, Collection<ItemId> items) {
        touched.changed.add(cube);
        String list = StoredIds.list(items);
        sql.update("DELETE FROM promoted WHERE cube_id = ? AND item_id IN " + StoredIds.IDS, cube, list);
        sql.update(
                "DELETE FROM activation WHERE (cube_id, file) IN (SELECT s.cube_id, s.file FROM " + StoredIds.LIST
                        + " ids CROSS JOIN activation_source s WHERE s.source_cube = ? AND s.item_id = ids.id)",
                list,
                cube);
    }

    /** Deletes everything that depends on a deleted cube. */
    void erased(CubeKey cube) {
        touched.changed.add(cube);
        touched.erased.add(cube);
        sql.update("DELETE FROM promoted WHERE cube_id = ?", cube);
        sql.update("DELETE FROM activation WHERE cube_id = ?", cube);
        sql.update(
                "DELETE FROM activation WHERE (cube_id, file) IN (SELECT cube_id, file FROM activation_source"
                        + " WHERE source_cube = ?)",
                cube);
    }

    @Override
    public List<PromotedItem> promoted(CubeKey cube) {
        return sql.query(
                row -> new PromotedItem(
                        StoredIds.of(row.getBytes(1)), row.getInt(2), row.getString(3), RowMappers.instant(row, 4)),
                "SELECT item_id, version, why, since FROM promoted WHERE cube_id = ? ORDER BY position",
                cube);
    }

    @Override
    public void replacePromoted(CubeKey cube, List<PromotedItem> promoted) {
        sql.update("DELETE FROM promoted WHERE cube_id = ?", cube);
        int position = 0;
        for (PromotedItem each : promoted) {
            sql.update(
                    "INSERT INTO promoted (cube_id, item_id, version, position, why, since)"
                            + " SELECT cube_id, item_id, version,"
                            + " ?, ?, ? FROM item WHERE cube_id = ? AND item_id = ? AND version = ?",
                    position++,
                    each.why(),
                    each.since(),
                    cube,
                    each.item(),
                    each.version());
        }
    }

    @Override
    public List<StoredActivation> all() {
        return sql.query(this::activation, "SELECT " + COLUMNS + " FROM activation ORDER BY created_at, cube_id, file");
    }

    @Override
    public List<StoredActivation> of(CubeKey cube) {
        return sql.query(
                this::activation,
                "SELECT " + COLUMNS + " FROM activation WHERE cube_id = ? ORDER BY created_at, file",
                cube);
    }

    private StoredActivation activation(ResultSet row) throws SQLException {
        CubeKey cube = RowMappers.cubeKey(row, 1);
        String file = row.getString(2);
        return new StoredActivation(
                cube,
                file,
                new StoredActivation.Compatibility(row.getString(3), row.getString(4), row.getString(5)),
                row.getInt(6),
                row.getLong(7),
                Duration.ofMillis(row.getLong(8)),
                RowMappers.instant(row, 9),
                RowMappers.instant(row, 10),
                row.getLong(11),
                RowMappers.optionalInstant(row, 12),
                sources(cube, file));
    }

    private List<ActivationSource> sources(CubeKey cube, String file) {
        return sql.query(
                row -> new ActivationSource(RowMappers.cubeKey(row, 1), StoredIds.of(row.getBytes(2)), row.getInt(3)),
                "SELECT source_cube, item_id, version FROM activation_source WHERE cube_id = ? AND file = ?"
                        + " ORDER BY position",
                cube,
                file);
    }

    @Override
    public boolean record(StoredActivation activation) {
        if (!activation.sources().stream().allMatch(this::isCurrent)) {
            return false;
        }
        drop(activation.cube(), activation.file());
        sql.update(
                "INSERT INTO activation (" + COLUMNS + ") VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
                activation.cube(),
                activation.file(),
                activation.compatibility().model(),
                activation.compatibility().caches(),
                activation.compatibility().runtime(),
                activation.tokens(),
                activation.bytes(),
                activation.prefill().toMillis(),
                activation.createdAt(),
                activation.usedAt(),
                activation.uses(),
                activation.expiresAt().orElse(null));
        int position = 0;
        for (ActivationSource source : activation.sources()) {
            sql.update(
                    "INSERT INTO activation_source (cube_id, file, position, source_cube, item_id, version)"
                            + " VALUES (?, ?, ?, ?, ?, ?)",
                    activation.cube(),
                    activation.file(),
                    position++,
                    source.cube(),
                    source.item(),
                    source.version());
        }
        return true;
    }

    private boolean isCurrent(ActivationSource source) {
        return sql.number(
                        "SELECT count(*) FROM item WHERE cube_id = ? AND item_id = ? AND version = ?",
                        source.cube(),
                        source.item(),
                        source.version())
                == 1;
    }

    @Override
    public void recordUse(CubeKey cube, String file, Instant at) {
        sql.update(
                "UPDATE activation SET uses = uses + 1, used_at = max(used_at, ?) WHERE cube_id = ? AND file = ?",
                at,
                cube,
                file);
    }

    @Override
    public void drop(CubeKey cube, String file) {
        sql.update("DELETE FROM activation WHERE cube_id = ? AND file = ?", cube, file);
    }
}
