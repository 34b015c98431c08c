package io.memos4j.vault.sqlite;

import io.memos4j.api.ItemId;
import io.memos4j.spi.CubeKey;
import io.memos4j.spi.index.Passage;
import io.memos4j.spi.items.PassageVector;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** The vectors of passages and which passages wait for one in SQLite. */
record VectorQueries(SqlConnection sql) {
    /** The cubes with waiting passages, by skipping from one to the next in the index of waiting passages. */
    private static final String WAITING_CUBES = """
            WITH RECURSIVE waiting(id) AS (
                SELECT min(cube_id) FROM passage WHERE state = 0
                UNION ALL
                SELECT (SELECT min(cube_id) FROM passage WHERE state = 0 AND cube_id > waiting.id)
                FROM waiting WHERE waiting.id IS NOT NULL)
            SELECT key FROM waiting JOIN cube ON cube.key = waiting.id WHERE cube.embedder = ?""";

    private record Waiting(ItemId item, Passage passage) {}

    List<PassageVector> of(CubeKey cube, Collection<ItemId> ids) {
        return sql.query(
                row -> new PassageVector(
                        cube,
                        StoredIds.of(row.getBytes(1)),
                        row.getInt(2),
                        row.getInt(3),
                        Optional.of(row.getBytes(4))),
                "SELECT p.item_id, i.version, p.number, p.vector FROM " + StoredIds.LIST + " ids CROSS JOIN passage p"
                        + " CROSS JOIN item i WHERE p.cube_id = ? AND p.item_id = ids.id AND p.state = 1"
                        + " AND i.cube_id = p.cube_id AND i.item_id = p.item_id",
                StoredIds.list(ids),
                cube);
    }

    List<CubeKey> waitingCubes(String embedder) {
        return sql.query(row -> RowMappers.cubeKey(row, 1), WAITING_CUBES, embedder);
    }

    /** Waiting passages by their items. */
    Map<ItemId, List<Passage>> waiting(CubeKey cube, int limit) {
        Map<ItemId, List<Passage>> passages = new LinkedHashMap<>();
        sql.query(
                        row -> new Waiting(StoredIds.of(row.getBytes(4)), RowMappers.passage(row)),
                        "SELECT number, start_at, end_at, item_id FROM passage WHERE cube_id = ? AND state = 0 LIMIT ?",
                        cube,
                        limit)
                .forEach(each -> passages.computeIfAbsent(each.item, id -> new ArrayList<>())
                        .add(each.passage));
        return passages;
    }

    boolean anyWaiting(CubeKey cube) {
        return sql.number("SELECT EXISTS (SELECT 1 FROM passage WHERE cube_id = ? AND state = 0)", cube) > 0;
    }

    /** Stores a vector, or that there is none, unless the item is of another version by now; whether it was stored. */
    boolean store(PassageVector vector) {
        return sql.update(
                        "UPDATE passage SET state = ?, vector = ? WHERE cube_id = ? AND item_id = ? AND number = ?"
                                + " AND EXISTS"
                                + " (SELECT 1 FROM item i WHERE i.cube_id = ? AND i.item_id = ? AND i.version = ?)",
                        vector.vector().isPresent() ? 1 : 2,
                        vector.vector().orElse(null),
                        vector.cube(),
                        vector.item(),
                        vector.passage(),
                        vector.cube(),
                        vector.item(),
                        vector.version())
                > 0;
    }
}
