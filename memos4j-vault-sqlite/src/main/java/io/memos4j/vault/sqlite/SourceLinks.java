package io.memos4j.vault.sqlite;

import io.memos4j.api.items.MemoryItem;
import io.memos4j.api.items.SourceReference;
import io.memos4j.spi.CubeKey;

/** The references of items to their sources. */
record SourceLinks(SqlConnection sql) {
    /** Stores the references of an item that has none in the table. */
    void insert(CubeKey cube, MemoryItem item) {
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
