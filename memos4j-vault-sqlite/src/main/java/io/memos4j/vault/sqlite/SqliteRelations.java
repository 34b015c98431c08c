package io.memos4j.vault.sqlite;

import io.memos4j.api.ItemId;
import io.memos4j.api.items.RelatedItem;
import io.memos4j.spi.CubeKey;
import io.memos4j.spi.items.ItemRelation;
import io.memos4j.spi.items.RelationWriter;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;

/** Relations between items in SQLite. Both directions are one row, the smaller id first: ids grow with time. */
final class SqliteRelations implements RelationWriter {
    private final SqlConnection sql;

    SqliteRelations(SqlConnection sql) {
        this.sql = sql;
    }

    @Override
    public List<ItemRelation> of(CubeKey cube, ItemId item, int limit) {
        return sql.query(
                row -> new ItemRelation(
                        StoredIds.of(row.getBytes(1)),
                        StoredIds.of(row.getBytes(2)),
                        RelatedItem.Kind.valueOf(row.getString(3)),
                        row.getDouble(4)),
                "SELECT item_id, other, kind, weight FROM relation WHERE cube_id = ? AND item_id = ?"
                        + " UNION ALL SELECT item_id, other, kind, weight FROM relation INDEXED BY relation_other"
                        + " WHERE cube_id = ? AND other = ? ORDER BY 4 DESC, 1, 2, 3 LIMIT ?",
                cube,
                item,
                cube,
                item,
                limit);
    }

    @Override
    public void relate(CubeKey cube, Collection<ItemRelation> relations) {
        for (ItemRelation relation : relations) {
            byte[] one = StoredIds.bytes(relation.item());
            byte[] other = StoredIds.bytes(relation.other());
            boolean inOrder = Arrays.compareUnsigned(one, other) < 0;
            byte[] first = inOrder ? one : other;
            byte[] second = inOrder ? other : one;
            sql.update(
                    "INSERT OR REPLACE INTO relation (cube_id, item_id, other, kind, weight) SELECT ?, ?, ?, ?, ?"
                            + " WHERE (SELECT count(*) FROM item WHERE cube_id = ? AND item_id IN (?, ?)) = 2",
                    cube,
                    first,
                    second,
                    relation.kind().name(),
                    relation.weight(),
                    cube,
                    first,
                    second);
        }
    }

    @Override
    public void unrelate(CubeKey cube, ItemId item) {
        sql.update("DELETE FROM relation WHERE cube_id = ? AND item_id = ?", cube, item);
        sql.update("DELETE FROM relation INDEXED BY relation_other WHERE cube_id = ? AND other = ?", cube, item);
    }
}
