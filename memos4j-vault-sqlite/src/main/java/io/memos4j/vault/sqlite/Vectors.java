package io.memos4j.vault.sqlite;

import io.memos4j.spi.PassageVector;

/** The vectors of passages, on the writer's connection. */
final class Vectors {
    private Vectors() {}

    /** Stores a vector, or that there is none, unless the item is of another version by now; whether it was stored. */
    static boolean store(Sql sql, PassageVector vector) {
        byte[] id = Ids.bytes(vector.item());
        return sql.update(
                        "UPDATE passage SET state = ?, vector = ? WHERE cube_id = ? AND item_id = ? AND number = ? AND EXISTS"
                                + " (SELECT 1 FROM item i WHERE i.cube_id = ? AND i.item_id = ? AND i.version = ?)",
                        vector.vector().isPresent() ? 1 : 2,
                        vector.vector().orElse(null),
                        vector.cube(),
                        id,
                        vector.passage(),
                        vector.cube(),
                        id,
                        vector.version())
                > 0;
    }
}
