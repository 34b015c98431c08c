package io.memos4j.vault.sqlite;

import io.memos4j.api.ItemId;
import io.memos4j.spi.CubeKey;
import io.memos4j.spi.transfer.ClaimConflict;
import io.memos4j.spi.transfer.ItemCounterpart;
import io.memos4j.spi.transfer.TransferWriter;
import java.util.Collection;
import java.util.List;
import java.util.Optional;

/**
 * Brings items from one cube to another in SQLite. Rows are copied by the database with whatever columns their table
 * has, so that a column of a later format comes along.
 */
final class SqliteTransfers implements TransferWriter {
    /** Tables whose rows belong to one item alone. */
    private static final List<String> OWN = List.of("item_version", "link", "passage", "claim", "rating", "usage");

    /**
     * Under which id the other cube, the first value, has an item {@code s}: its own, else that of what was said there
     * independently.
     */
    private static final String COUNTERPART = """
            COALESCE((SELECT t.item_id FROM item t WHERE t.cube_id = ?1 AND t.item_id = s.item_id), \
            (SELECT t.item_id FROM item t INDEXED BY item_fingerprint \
            WHERE t.cube_id = ?1 AND t.fingerprint = s.fingerprint AND s.fingerprint <> '' \
            AND NOT EXISTS (SELECT 1 FROM item o WHERE o.cube_id = s.cube_id AND o.item_id = t.item_id) \
            ORDER BY t.ordinal LIMIT 1))""";

    /** The ids in the first value. */
    private static final String LIST = StoredIds.LIST.replace("?", "?1");

    private final SqlConnection sql;
    private final SqliteAdapters adapters;

    SqliteTransfers(SqlConnection sql, SqliteAdapters adapters) {
        this.sql = sql;
        this.adapters = adapters;
    }

    @Override
    public List<ItemCounterpart> findCounterparts(CubeKey from, CubeKey to, long after, int limit) {
        return sql.query(
                row -> new ItemCounterpart(
                        StoredIds.of(row.getBytes(1)),
                        row.getLong(2),
                        Optional.ofNullable(row.getBytes(3)).map(StoredIds::of),
                        row.getInt(4) > 0),
                "SELECT p.item_id, p.ordinal, p.twin, EXISTS (SELECT 1 FROM item t"
                        + " JOIN item_version w ON w.cube_id = t.cube_id AND w.item_id = t.item_id"
                        + " AND w.version = t.version"
                        + " JOIN item_version v ON v.cube_id = ?2 AND v.item_id = p.item_id AND v.version = p.version"
                        + " WHERE t.cube_id = ?1 AND t.item_id = p.twin AND w.text = v.text AND w.title = v.title)"
                        + " FROM (SELECT s.item_id, s.ordinal, s.version, " + COUNTERPART + " AS twin FROM item s"
                        + " WHERE s.cube_id = ?2 AND s.state <> 'forgotten' AND s.ordinal > ?3"
                        + " ORDER BY s.ordinal LIMIT ?4) p ORDER BY p.ordinal",
                to,
                from,
                after,
                limit);
    }

    @Override
    public List<ClaimConflict> findConflicts(CubeKey from, CubeKey to, Collection<ItemId> items) {
        return sql.query(
                row -> new ClaimConflict(StoredIds.of(row.getBytes(1)), StoredIds.of(row.getBytes(2))),
                "SELECT i.item_id, t.item_id FROM " + LIST + " ids CROSS JOIN item i"
                        + " CROSS JOIN claim c CROSS JOIN claim d INDEXED BY claim_key CROSS JOIN item t"
                        + " WHERE i.cube_id = ?2 AND i.item_id = ids.id AND i.state = 'activated'"
                        + " AND c.cube_id = i.cube_id AND c.item_id = i.item_id"
                        + " AND d.cube_id = ?3 AND d.key = c.key AND d.value <> c.value"
                        + " AND t.cube_id = d.cube_id AND t.item_id = d.item_id AND t.state = 'activated'"
                        + " AND NOT EXISTS (SELECT 1 FROM item o WHERE o.cube_id = i.cube_id AND o.item_id = t.item_id)"
                        + " ORDER BY i.ordinal, t.ordinal",
                StoredIds.list(items),
                from,
                to);
    }

    @Override
    public long copy(CubeKey from, CubeKey to, Collection<ItemId> items) {
        List<ItemId> fresh = sql.query(
                row -> StoredIds.of(row.getBytes(1)),
                "SELECT i.item_id FROM " + LIST + " ids CROSS JOIN item i WHERE i.cube_id = ?2 AND i.item_id = ids.id"
                        + " AND NOT EXISTS (SELECT 1 FROM item t WHERE t.cube_id = ?3 AND t.item_id = ids.id)",
                StoredIds.list(items),
                from,
                to);
        if (!fresh.isEmpty()) {
            String list = StoredIds.list(fresh);
            insert(from, to, list, fresh.size());
            OWN.forEach(table -> copyRows(table, from, to, list));
            dropForeignVectors(from, to, list);
            recordCounterparts(from, to, list);
            copySuccessions(from, to, list);
            copyRelations(from, to, list);
        }
        return sql.number("SELECT ordinal FROM cube WHERE key = ?", to);
    }

    private void insert(CubeKey from, CubeKey to, String list, int count) {
        sql.update(
                "INSERT INTO item (cube_id, ordinal, seq, " + columns("item", List.of("ordinal", "seq"))
                        + ") SELECT ?3,"
                        + " (SELECT ordinal FROM cube WHERE key = ?3) + row_number() OVER (ORDER BY ordinal),"
                        + " (SELECT seq FROM cube WHERE key = ?3) + row_number() OVER (ORDER BY ordinal), "
                        + columns("item", List.of("ordinal", "seq"))
                        + " FROM item WHERE cube_id = ?2 AND item_id IN (SELECT id FROM " + LIST + ")",
                list,
                from,
                to);
        sql.update("UPDATE cube SET ordinal = ordinal + ?, seq = seq + ? WHERE key = ?", count, count, to);
    }

    private void copyRows(String table, CubeKey from, CubeKey to, String list) {
        String columns = columns(table, List.of());
        sql.update(
                "INSERT INTO " + table + " (cube_id, " + columns + ") SELECT ?3, " + columns + " FROM " + table
                        + " WHERE cube_id = ?2 AND item_id IN (SELECT id FROM " + LIST + ")",
                list,
                from,
                to);
    }

    /** The columns of a table, without the cube and these. */
    private String columns(String table, List<String> without) {
        return String.join(
                ", ",
                sql.query(row -> row.getString(1), "SELECT name FROM pragma_table_info(?)", table).stream()
                        .filter(column -> !column.equals("cube_id") && !without.contains(column))
                        .toList());
    }

    private void dropForeignVectors(CubeKey from, CubeKey to, String list) {
        sql.update(
                "UPDATE passage SET state = 0, vector = NULL WHERE cube_id = ?3 AND item_id IN (SELECT id FROM " + LIST
                        + ") AND NOT EXISTS (SELECT 1 FROM cube f, cube t WHERE f.key = ?2 AND t.key = ?3"
                        + " AND f.embedder = t.embedder AND f.dimension = t.dimension)",
                list,
                from,
                to);
    }

    private record Named(ItemId source, ItemId twin) {}

    /** Replaces the ids of sources and successors by those of their counterparts in the other cube. */
    private void recordCounterparts(CubeKey from, CubeKey to, String list) {
        List<Named> named = sql.query(
                row -> new Named(StoredIds.of(row.getBytes(1)), StoredIds.of(row.getBytes(2))),
                "SELECT * FROM (SELECT s.item_id AS id, " + COUNTERPART
                        + " AS twin FROM item s WHERE s.cube_id = ?2 AND s.item_id IN"
                        + " (SELECT unhex(replace(l.source_id, '-', '')) FROM link l WHERE l.cube_id = ?2"
                        + " AND l.kind = 'ITEM'"
                        + " AND l.item_id IN (SELECT unhex(value) FROM json_each(?3))"
                        + " UNION SELECT v.successor FROM item_version v WHERE v.cube_id = ?2"
                        + " AND v.successor IS NOT NULL"
                        + " AND v.item_id IN (SELECT unhex(value) FROM json_each(?3))"
                        + ")) WHERE twin <> id",
                to,
                from,
                list);
        for (Named each : named) {
            sql.update(
                    "UPDATE link SET source_id = ?4 WHERE cube_id = ?2 AND kind = 'ITEM' AND source_id = ?3"
                            + " AND item_id IN (SELECT id FROM " + LIST + ")",
                    list,
                    to,
                    each.source.toString(),
                    each.twin.toString());
            sql.update(
                    "UPDATE item_version SET successor = ?4 WHERE cube_id = ?2 AND successor = ?3"
                            + " AND item_id IN (SELECT id FROM " + LIST + ")",
                    list,
                    to,
                    each.source,
                    each.twin);
        }
    }

    /** Those of which both ends are there now, and the former holds no longer there either. */
    private void copySuccessions(CubeKey from, CubeKey to, String list) {
        for (String end : List.of("x.item_id", "x.successor")) {
            List<Named> ended = sql.query(
                    row -> new Named(StoredIds.of(row.getBytes(1)), StoredIds.of(row.getBytes(2))),
                    "INSERT OR IGNORE INTO succession (cube_id, item_id, successor, reason, since)"
                            + " SELECT ?1, f.item_id, (SELECT " + COUNTERPART + " FROM item s WHERE s.cube_id = ?2"
                            + " AND s.item_id = x.successor) AS other, x.reason, x.since FROM succession x"
                            + " CROSS JOIN item f"
                            + " WHERE x.cube_id = ?2 AND " + end + " IN (SELECT unhex(value) FROM json_each(?3))"
                            + " AND f.cube_id = ?1 AND f.item_id = x.item_id AND f.state NOT IN ('activated', 'frozen')"
                            + " AND other IS NOT NULL RETURNING item_id, successor",
                    to,
                    from,
                    list);
            ended.forEach(each -> adapters.succeeded(to, each.source, each.twin));
        }
    }

    private void copyRelations(CubeKey from, CubeKey to, String list) {
        String columns = columns("relation", List.of());
        for (String end : List.of("x.item_id", "x.other")) {
            sql.update(
                    "INSERT OR IGNORE INTO relation (cube_id, " + columns + ") SELECT ?3, " + columns
                            + " FROM relation x WHERE x.cube_id = ?2 AND " + end + " IN (SELECT id FROM " + LIST + ")"
                            + " AND EXISTS (SELECT 1 FROM item t WHERE t.cube_id = ?3 AND t.item_id = x.item_id)"
                            + " AND EXISTS (SELECT 1 FROM item t WHERE t.cube_id = ?3 AND t.item_id = x.other)",
                    list,
                    from,
                    to);
        }
    }

    @Override
    public void attribute(CubeKey cube, Collection<ItemId> items, String principal) {
        sql.update(
                "UPDATE item_version SET principal = ?3 WHERE cube_id = ?2 AND principal = ''"
                        + " AND item_id IN (SELECT id FROM " + LIST + ")",
                StoredIds.list(items),
                cube,
                principal);
    }

    @Override
    public void externalizeSources(CubeKey cube, Collection<ItemId> items, String prefix) {
        sql.update(
                "UPDATE link SET kind = 'EXTERNAL', source_id = ?3 || source_id WHERE cube_id = ?2 AND kind = 'ITEM'"
                        + " AND item_id IN (SELECT id FROM " + LIST + ") AND NOT EXISTS (SELECT 1 FROM item t"
                        + " WHERE t.cube_id = ?2 AND t.item_id = unhex(replace(link.source_id, '-', '')))",
                StoredIds.list(items),
                cube,
                prefix);
    }
}
