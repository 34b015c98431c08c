package io.memos4j.vault.sqlite;

import io.memos4j.api.ItemId;
import io.memos4j.api.items.ItemType;
import io.memos4j.api.retention.RetentionPolicy;
import io.memos4j.spi.CubeKey;
import io.memos4j.spi.retention.AgingItem;
import io.memos4j.spi.retention.UsageRecord;
import io.memos4j.spi.retention.UsageWriter;
import io.memos4j.spi.retention.UsedItem;
import io.memos4j.spi.retention.WorkingMemoryEntry;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Use, heat and working memory in SQLite. */
final class SqliteUsage implements UsageWriter {
    /**
     * Matches items that can still expire; must repeat the condition of the index literally, or SQLite does not use it.
     */
    private static final String EXPIRING = " FROM item_version v INDEXED BY item_version_expiry WHERE v.cube_id = ?"
            + " AND v.expires_at IS NOT NULL AND v.superseded_at IS NULL"
            + " AND v.state IN ('generated', 'activated', 'archived', 'forgotten')";

    private final SqlConnection sql;

    SqliteUsage(SqlConnection sql) {
        this.sql = sql;
    }

    @Override
    public RetentionPolicy policy(CubeKey cube) {
        return sql.first(
                        row -> policy(SqliteJson.object(row.getString(1))),
                        "SELECT policy FROM policy WHERE cube_id = ?",
                        cube)
                .orElse(RetentionPolicy.DEFAULT);
    }

    private static RetentionPolicy policy(Map<String, Object> json) {
        return new RetentionPolicy(
                millis(json, "half_life_ms").map(Duration::ofMillis).orElse(RetentionPolicy.DEFAULT_HALF_LIFE),
                json.get("archive_below") instanceof Number heat ? heat.doubleValue() : 0,
                millis(json, "capacity").orElse(RetentionPolicy.UNLIMITED),
                millis(json, "time_to_live_ms").map(Duration::ofMillis),
                millis(json, "forget_after_ms").map(Duration::ofMillis).orElse(RetentionPolicy.DEFAULT_FORGET_AFTER));
    }

    private static Optional<Long> millis(Map<String, Object> json, String name) {
        return json.get(name) instanceof Number number ? Optional.of(number.longValue()) : Optional.empty();
    }

    @Override
    public void policy(CubeKey cube, RetentionPolicy policy) {
        Map<String, Object> json = new LinkedHashMap<>();
        json.put("half_life_ms", policy.halfLife().toMillis());
        json.put("archive_below", policy.archiveBelow());
        if (policy.capacity() != RetentionPolicy.UNLIMITED) {
            json.put("capacity", policy.capacity());
        }
        policy.timeToLive().ifPresent(time -> json.put("time_to_live_ms", time.toMillis()));
        json.put("forget_after_ms", policy.forgetAfter().toMillis());
        sql.update("INSERT OR REPLACE INTO policy (cube_id, policy) VALUES (?, ?)", cube, SqliteJson.of(json));
    }

    @Override
    public Map<ItemId, UsageRecord> itemUsage(CubeKey cube, Collection<ItemId> ids) {
        return sql.map(
                row -> StoredIds.of(row.getBytes(1)),
                row -> use(row, 2),
                "SELECT u.item_id, u.uses, u.heat, u.used_at FROM " + StoredIds.LIST + " ids CROSS JOIN usage u"
                        + " WHERE u.cube_id = ? AND u.item_id = ids.id",
                StoredIds.list(ids),
                cube);
    }

    private static UsageRecord use(ResultSet row, int first) throws SQLException {
        return new UsageRecord(row.getLong(first), row.getDouble(first + 1), RowMappers.instant(row, first + 2));
    }

    @Override
    public Optional<UsageRecord> cubeUsage(CubeKey cube) {
        return sql.first(row -> use(row, 1), "SELECT uses, heat, used_at FROM asked WHERE cube_id = ?", cube);
    }

    @Override
    public void recordQueries(CubeKey cube, UsageRecord use) {
        sql.update(
                "INSERT OR REPLACE INTO asked (cube_id, uses, heat, used_at) SELECT key, ?, ?, ? FROM cube"
                        + " WHERE key = ?",
                use.uses(),
                use.heat(),
                use.usedAt(),
                cube);
    }

    @Override
    public List<UsedItem> lastUsed(CubeKey cube, int limit) {
        return sql.query(
                row -> new UsedItem(StoredIds.of(row.getBytes(1)), use(row, 2)),
                "SELECT item_id, uses, heat, used_at FROM usage INDEXED BY usage_used WHERE cube_id = ?"
                        + " ORDER BY used_at DESC, item_id DESC LIMIT ?",
                cube,
                limit);
    }

    @Override
    public void recordItemUsage(CubeKey cube, Map<ItemId, UsageRecord> uses) {
        uses.forEach((item, use) -> sql.update(
                "INSERT OR REPLACE INTO usage (cube_id, item_id, uses, heat, used_at) SELECT cube_id, item_id, ?, ?, ?"
                        + " FROM item WHERE cube_id = ? AND item_id = ?",
                use.uses(),
                use.heat(),
                use.usedAt(),
                cube,
                item));
    }

    @Override
    public List<ItemId> findExpired(CubeKey cube, Instant now, int limit) {
        return sql.query(
                row -> StoredIds.of(row.getBytes(1)),
                "SELECT v.item_id" + EXPIRING + " AND v.expires_at <= ? ORDER BY v.expires_at LIMIT ?",
                cube,
                now,
                limit);
    }

    @Override
    public Optional<Instant> nextExpiry(CubeKey cube) {
        return sql.first(
                row -> RowMappers.instant(row, 1),
                "SELECT v.expires_at" + EXPIRING + " ORDER BY v.expires_at LIMIT 1",
                cube);
    }

    @Override
    public List<AgingItem> agingItems(CubeKey cube, long after, int limit) {
        return sql.query(
                SqliteUsage::aging,
                "SELECT i.item_id, i.ordinal, i.type, i.occurred_at, i.recorded_at,"
                        + " c.item_id IS NOT NULL OR v.standing <> '[]', u.uses, u.heat, u.used_at"
                        + " FROM item i INDEXED BY item_ordinal"
                        + " CROSS JOIN item_version v ON v.cube_id = i.cube_id AND v.item_id = i.item_id"
                        + " AND v.version = i.version"
                        + " LEFT JOIN claim c ON c.cube_id = i.cube_id AND c.item_id = i.item_id"
                        + " LEFT JOIN usage u ON u.cube_id = i.cube_id AND u.item_id = i.item_id"
                        + " WHERE i.cube_id = ? AND i.ordinal > ? AND i.state = 'activated' ORDER BY i.ordinal LIMIT ?",
                cube,
                after,
                limit);
    }

    private static AgingItem aging(ResultSet row) throws SQLException {
        boolean used = row.getLong(7) > 0;
        return new AgingItem(
                StoredIds.of(row.getBytes(1)),
                row.getLong(2),
                ItemType.parse(row.getString(3)),
                RowMappers.instant(row, 4),
                RowMappers.instant(row, 5),
                row.getBoolean(6),
                used ? Optional.of(use(row, 7)) : Optional.empty());
    }

    @Override
    public long countRecalled(CubeKey cube) {
        return sql.number("SELECT count(*) FROM item WHERE cube_id = ? AND state IN ('activated', 'frozen')", cube);
    }

    @Override
    public List<WorkingMemoryEntry> workingMemory(CubeKey cube, String session) {
        return sql.query(
                row -> new WorkingMemoryEntry(
                        StoredIds.of(row.getBytes(1)), row.getDouble(2), RowMappers.instant(row, 3), row.getString(4)),
                "SELECT item_id, heat, touched_at, cause FROM working WHERE cube_id = ? AND session = ?",
                cube,
                session);
    }

    @Override
    public List<ItemId> findCoOccurring(CubeKey cube, String session, Collection<ItemId> ids, int limit) {
        String list = StoredIds.list(ids);
        return sql.query(
                row -> StoredIds.of(row.getBytes(1)),
                "WITH shared AS (SELECT session, count(*) AS common FROM working WHERE cube_id = ? AND session <> ?"
                        + " AND item_id IN " + StoredIds.IDS + " GROUP BY session)"
                        + " SELECT w.item_id FROM shared s CROSS JOIN working w WHERE w.cube_id = ?"
                        + " AND w.session = s.session"
                        + " AND w.item_id NOT IN " + StoredIds.IDS + " GROUP BY w.item_id"
                        + " ORDER BY sum(s.common) DESC, max(w.touched_at) DESC, w.item_id DESC LIMIT ?",
                cube,
                session,
                list,
                cube,
                list,
                limit);
    }

    @Override
    public void replaceWorkingMemory(CubeKey cube, String session, List<WorkingMemoryEntry> all) {
        sql.update("DELETE FROM working WHERE cube_id = ? AND session = ?", cube, session);
        for (WorkingMemoryEntry held : all) {
            sql.update(
                    "INSERT OR REPLACE INTO working (cube_id, session, item_id, heat, touched_at, cause)"
                            + " SELECT cube_id, ?, item_id, ?, ?, ? FROM item WHERE cube_id = ? AND item_id = ?",
                    session,
                    held.heat(),
                    held.touchedAt(),
                    held.cause(),
                    cube,
                    held.item());
        }
    }

    @Override
    public void retainSessions(CubeKey cube, int sessions) {
        sql.update(
                "DELETE FROM working WHERE cube_id = ? AND session IN (SELECT session FROM working WHERE cube_id = ?"
                        + " GROUP BY session ORDER BY max(touched_at) DESC, session LIMIT -1 OFFSET ?)",
                cube,
                cube,
                sessions);
    }
}
