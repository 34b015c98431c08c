package io.memos4j.vault.sqlite;

import io.memos4j.api.items.MemoryItem;
import io.memos4j.api.items.SourceReference;
import io.memos4j.spi.CubeKey;

/** The sources of items as rows. */
final class LinkRows {
    private LinkRows() {}

    /** Replaces the sources if the new version names others. */
    static void replace(SqliteWriter writer, CubeKey cube, MemoryItem item) {
        if (writer.findItem(cube, item.id())
                .filter(now -> !now.origin().sources().equals(item.origin().sources()))
                .isPresent()) {
            writer.sql.update("DELETE FROM link WHERE cube_id = ? AND item_id = ?", cube, item.id());
            insert(writer.sql, cube, item);
        }
    }

    static void insert(SqlConnection sql, CubeKey cube, MemoryItem item) {
        int position = 0;
        for (SourceReference source : item.origin().sources()) {
            sql.update(
                    "INSERT INTO link (cube_id, item_id, position, kind, source_id, start_at, end_at)"
                            + " VALUES (?, ?, ?, ?, ?, ?, ?)",
                    cube,
                    item.id(),
                    position++,
                    source.kind().name(),
                    source.id(),
                    source.start(),
                    source.end());
        }
    }
}
