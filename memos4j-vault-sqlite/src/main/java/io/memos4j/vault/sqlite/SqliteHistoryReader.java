package io.memos4j.vault.sqlite;

import io.memos4j.api.CubeId;
import io.memos4j.api.ItemId;
import io.memos4j.api.Page;
import io.memos4j.api.history.ChangeRequest;
import io.memos4j.api.history.DiffRequest;
import io.memos4j.api.history.ItemChange;
import io.memos4j.api.history.Snapshot;
import io.memos4j.api.history.SupersessionRecord;
import io.memos4j.api.items.Filter;
import io.memos4j.api.items.ListRequest;
import io.memos4j.api.items.MemoryItem;
import io.memos4j.internal.EpochMillis;
import io.memos4j.spi.CubeKey;
import io.memos4j.spi.history.HistoryReader;
import io.memos4j.spi.history.VersionChange;
import io.memos4j.spi.items.InsertedItem;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Earlier states of a cube in SQLite. */
class SqliteHistoryReader implements HistoryReader {
    /** The version {@code v} at an instant, which is bound twice. */
    static final String THEN = "v.recorded_at <= ? AND (v.superseded_at IS NULL OR v.superseded_at > ?)";

    /**
     * An item with its version at an instant, without the items that are forgotten now or were then. The items lead:
     * each has few versions.
     */
    static final String AT = " item i CROSS JOIN item_version v ON v.cube_id = i.cube_id AND v.item_id = i.item_id AND "
            + THEN + " AND i.state <> 'forgotten' AND v.state <> 'forgotten' ";

    final SqlConnection sql;

    SqliteHistoryReader(SqlConnection sql) {
        this.sql = sql;
    }

    /** The name of a cube; a placeholder for one that is gone, which has no items to be named. */
    final CubeId name(CubeKey cube) {
        return sql.first(row -> CubeId.of(row.getString(1)), "SELECT name FROM cube WHERE key = ?", cube)
                .orElse(new CubeId("deleted"));
    }

    @Override
    public List<MemoryItem> items(CubeKey cube, Collection<ItemId> ids, Filter filter, Instant at) {
        if (ids.isEmpty()) {
            return List.of();
        }
        CubeId name = name(cube);
        FilterSql condition = FilterSql.ofVersion(filter);
        List<Object> values = new ArrayList<>(List.of(StoredIds.list(ids), at, at, cube));
        values.addAll(condition.values());
        return sql.query(
                row -> RowMappers.item(name, row),
                "SELECT " + RowMappers.ITEM + " FROM " + StoredIds.LIST + " ids CROSS JOIN" + AT
                        + "WHERE i.cube_id = ? AND i.item_id = ids.id AND " + condition.condition()
                        + " ORDER BY ids.position",
                values.toArray());
    }

    @Override
    public Page<MemoryItem> list(CubeKey cube, ListRequest request, Instant at) {
        return new ItemListing(sql, cube, name(cube)).page(request, at);
    }

    private record ItemPosition(ItemId id, long ordinal) {}

    @Override
    public Page<ItemChange> diff(CubeKey cube, DiffRequest request) {
        List<ItemChange> changes = new ArrayList<>();
        long after = DiffCursor.decode(request.cursor());
        long last = after;
        while (true) {
            List<ItemPosition> positions = candidates(cube, request, after);
            List<ItemId> ids = positions.stream().map(ItemPosition::id).toList();
            Map<ItemId, MemoryItem> before = byId(items(cube, ids, Filter.ALL, request.from()));
            Map<ItemId, MemoryItem> then = byId(items(cube, ids, Filter.ALL, request.to()));
            for (ItemPosition position : positions) {
                after = position.ordinal;
                ItemChange change = new ItemChange(
                        position.id,
                        Optional.ofNullable(before.get(position.id)),
                        Optional.ofNullable(then.get(position.id)));
                if (isNone(change)) {
                    continue;
                }
                if (changes.size() == request.limit()) {
                    return new Page<>(changes, Optional.of(DiffCursor.encode(last)));
                }
                changes.add(change);
                last = position.ordinal;
            }
            if (positions.size() < CANDIDATES) {
                return new Page<>(changes, Optional.empty());
            }
        }
    }

    /** Items compared at a time. */
    private static final int CANDIDATES = 1_001;

    /** Items with other versions at the two instants: all of them have changed since the earlier one. */
    private List<ItemPosition> candidates(CubeKey cube, DiffRequest request, long after) {
        long from = EpochMillis.of(request.from());
        long to = EpochMillis.of(request.to());
        String version =
                "(SELECT v.version FROM item_version v WHERE v.cube_id = i.cube_id AND v.item_id = i.item_id AND "
                        + THEN + ")";
        return sql.query(
                row -> new ItemPosition(StoredIds.of(row.getBytes(1)), row.getLong(2)),
                "SELECT i.item_id, i.ordinal FROM item i WHERE i.cube_id = ? AND i.updated_at > ? AND i.ordinal > ?"
                        + " AND "
                        + version + " IS NOT " + version + " ORDER BY i.ordinal LIMIT ?",
                cube,
                Math.min(from, to),
                after,
                from,
                from,
                to,
                to,
                CANDIDATES);
    }

    private static Map<ItemId, MemoryItem> byId(List<MemoryItem> items) {
        Map<ItemId, MemoryItem> byId = new HashMap<>();
        items.forEach(item -> byId.put(item.id(), item));
        return byId;
    }

    private static boolean isNone(ItemChange change) {
        return change.before()
                .flatMap(a -> change.after().map(a::hasSameContent))
                .orElse(change.before().isEmpty() && change.after().isEmpty());
    }

    @Override
    public Page<VersionChange> changes(CubeKey cube, ChangeRequest request) {
        return new VersionChangeQueries(sql, cube, name(cube)).page(request);
    }

    @Override
    public List<ItemId> forgottenBy(CubeKey cube, ItemId request) {
        return new VersionChangeQueries(sql, cube, name(cube)).forgottenBy(request);
    }

    @Override
    public List<InsertedItem> changedSince(CubeKey cube, Instant since, long after, int limit) {
        CubeId name = name(cube);
        return sql.query(
                row -> RowMappers.inserted(name, row),
                "SELECT " + RowMappers.ITEM + ", i.ordinal FROM" + RowMappers.CURRENT
                        + "WHERE i.cube_id = ? AND i.updated_at > ? AND i.ordinal > ? ORDER BY i.ordinal LIMIT ?",
                cube,
                since,
                after,
                limit);
    }

    @Override
    public List<SupersessionRecord> supersessions(CubeKey cube, Collection<ItemId> formers, Instant at) {
        return sql.query(
                RowMappers::supersession,
                "SELECT v.item_id, v.successor, v.successor_reason, v.successor_since FROM " + StoredIds.LIST
                        + " ids CROSS JOIN item_version v WHERE v.cube_id = ? AND v.item_id = ids.id AND " + THEN
                        + " AND v.successor IS NOT NULL ORDER BY ids.position",
                StoredIds.list(formers),
                cube,
                at,
                at);
    }

    @Override
    public List<MemoryItem> findRewritten(CubeKey cube, Filter filter, Instant at, int limit) {
        CubeId name = name(cube);
        FilterSql condition = FilterSql.ofVersion(filter);
        List<Object> values = new ArrayList<>(List.of(at, at, cube, at));
        values.addAll(condition.values());
        values.add(limit);
        return sql.query(
                row -> RowMappers.item(name, row),
                "SELECT " + RowMappers.ITEM + " FROM" + AT + "CROSS JOIN item_version c ON c.cube_id = i.cube_id"
                        + " AND c.item_id = i.item_id AND c.version = i.version WHERE i.cube_id = ?"
                        + " AND i.updated_at > ?"
                        + " AND (c.text <> v.text OR c.title <> v.title) AND " + condition.condition()
                        + " ORDER BY i.updated_at DESC, i.ordinal DESC LIMIT ?",
                values.toArray());
    }

    @Override
    public List<Snapshot> snapshots(CubeKey cube) {
        return sql.query(
                row -> new Snapshot(row.getString(1), RowMappers.instant(row, 2)),
                "SELECT name, taken_at FROM snapshot WHERE cube_id = ? ORDER BY taken_at, name",
                cube);
    }

    @Override
    public Optional<Instant> lastChange() {
        long millis =
                sql.number("SELECT max(at) FROM (SELECT (SELECT max(updated_at) FROM item WHERE cube_id = c.key) AS at"
                        + " FROM cube c UNION ALL SELECT max(taken_at) FROM snapshot)");
        return millis == 0 ? Optional.empty() : Optional.of(Instant.ofEpochMilli(millis));
    }
}
