package io.memos4j.vault.sqlite;

import io.memos4j.api.CubeDescription;
import io.memos4j.api.items.ItemType;
import io.memos4j.api.items.SessionInfo;
import io.memos4j.spi.CubeKey;
import io.memos4j.spi.CubeRow;
import java.util.List;
import java.util.Map;

/** Counts the contents of a cube. */
record CubeStatistics(SqlConnection sql) {
    CubeDescription describe(CubeRow cube) {
        Map<ItemType, Long> items = sql.map(
                row -> ItemType.parse(row.getString(1)),
                row -> row.getLong(2),
                "SELECT type, count(*) FROM item WHERE cube_id = ? GROUP BY type",
                cube.key());
        long sessions =
                sql.number("SELECT count(DISTINCT session) FROM item WHERE cube_id = ? AND session <> ''", cube.key());
        long pending = sql.number("SELECT count(*) FROM passage WHERE cube_id = ? AND state = 0", cube.key());
        return new CubeDescription(cube.id(), cube.createdAt(), items, sessions, cube.seq(), cube.embedder(), pending);
    }

    List<SessionInfo> sessions(CubeKey cube, String after, int limit) {
        return sql.query(
                row -> new SessionInfo(
                        row.getString(1), row.getLong(2), RowMappers.instant(row, 3), RowMappers.instant(row, 4)),
                "SELECT session, count(*), min(occurred_at), max(occurred_at) FROM item INDEXED BY item_session"
                        + " WHERE cube_id = ? AND session > ? GROUP BY session ORDER BY session LIMIT ?",
                cube,
                after,
                limit);
    }
}
