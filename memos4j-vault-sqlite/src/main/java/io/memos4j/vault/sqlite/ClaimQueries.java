package io.memos4j.vault.sqlite;

import io.memos4j.api.ItemId;
import io.memos4j.spi.CubeKey;
import io.memos4j.spi.items.ClaimedValue;
import java.util.List;

/** Queries the attribute values that activated items claim. */
record ClaimQueries(SqlConnection sql) {
    List<ClaimedValue> claimants(CubeKey cube, String key) {
        return sql.query(
                row -> new ClaimedValue(StoredIds.of(row.getBytes(1)), row.getString(2)),
                "SELECT i.item_id, c.value FROM claim c CROSS JOIN item i ON i.cube_id = c.cube_id"
                        + " AND i.item_id = c.item_id"
                        + " WHERE c.cube_id = ? AND c.key = ? AND i.state = 'activated' ORDER BY i.ordinal",
                cube,
                key);
    }

    List<ItemId> claiming(CubeKey cube, int limit) {
        return sql.query(
                row -> StoredIds.of(row.getBytes(1)),
                "SELECT i.item_id FROM claim c CROSS JOIN item i ON i.cube_id = c.cube_id AND i.item_id = c.item_id"
                        + " WHERE c.cube_id = ? AND i.state = 'activated' ORDER BY i.ordinal DESC LIMIT ?",
                cube,
                limit);
    }

    List<String> disputed(CubeKey cube, String after, int limit) {
        return sql.query(
                row -> row.getString(1),
                "SELECT c.key FROM claim c INDEXED BY claim_key CROSS JOIN item i"
                        + " ON i.cube_id = c.cube_id AND i.item_id = c.item_id"
                        + " WHERE c.cube_id = ? AND c.key > ? AND i.state = 'activated'"
                        + " GROUP BY c.key HAVING min(c.value) <> max(c.value) ORDER BY c.key LIMIT ?",
                cube,
                after,
                limit);
    }
}
