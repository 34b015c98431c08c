package io.memos4j.vault.sqlite;

import io.memos4j.api.ItemId;
import io.memos4j.api.items.MemoryItem;
import io.memos4j.spi.CubeRow;
import io.memos4j.spi.index.ChangeBatch;
import io.memos4j.spi.index.IndexedItem;
import io.memos4j.spi.index.IndexedItem.IndexedPassage;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Reads the changes of a cube by sequence number: each item once, in its current version. */
final class ChangeQueries {
    private final SqlConnection sql;
    private final CubeRow row;

    ChangeQueries(SqlConnection sql, CubeRow row) {
        this.sql = sql;
        this.row = row;
    }

    ChangeBatch after(long after, int limit) {
        Map<Long, Optional<MemoryItem>> items = sql.map(
                each -> each.getLong(RowMappers.ITEM_COLUMNS + 1),
                each -> sql.findReadable(item -> RowMappers.item(row.id(), item), each),
                "SELECT " + RowMappers.ITEM + ", i.seq FROM" + RowMappers.CURRENT
                        + "WHERE i.cube_id = ? AND i.seq > ? ORDER BY i.seq LIMIT ?",
                row.key(),
                after,
                limit);
        Map<Long, ItemId> erased = sql.map(
                each -> each.getLong(1),
                each -> StoredIds.of(each.getBytes(2)),
                "SELECT seq, item_id FROM tombstone WHERE cube_id = ? AND seq > ? ORDER BY seq LIMIT ?",
                row.key(),
                after,
                limit);
        long upTo = Math.min(boundary(items, limit, row.seq()), boundary(erased, limit, row.seq()));
        items.keySet().removeIf(seq -> seq > upTo);
        erased.keySet().removeIf(seq -> seq > upTo);
        return new ChangeBatch(
                indexed(items.values().stream().flatMap(Optional::stream).toList()),
                List.copyOf(erased.values()),
                upTo,
                upTo < row.seq());
    }

    /** Returns the sequence number up to which a limited result is complete. */
    private static long boundary(Map<Long, ?> bySeq, int limit, long head) {
        return bySeq.size() < limit
                ? head
                : bySeq.keySet().stream().mapToLong(Long::longValue).max().orElse(head);
    }

    private record OwnedPassage(ItemId item, IndexedPassage passage) {}

    private List<IndexedItem> indexed(List<MemoryItem> items) {
        Map<ItemId, List<IndexedPassage>> passages = new HashMap<>();
        sql.query(
                        row -> new OwnedPassage(
                                StoredIds.of(row.getBytes(4)),
                                new IndexedPassage(RowMappers.passage(row), Optional.ofNullable(row.getBytes(5)))),
                        "SELECT p.number, p.start_at, p.end_at, p.item_id, p.vector FROM " + StoredIds.LIST
                                + " ids CROSS JOIN passage p WHERE p.cube_id = ? AND p.item_id = ids.id"
                                + " ORDER BY ids.position, p.number",
                        StoredIds.list(items.stream().map(MemoryItem::id).toList()),
                        row.key())
                .forEach(each -> passages.computeIfAbsent(each.item, id -> new ArrayList<>())
                        .add(each.passage));
        return items.stream()
                .map(item -> new IndexedItem(item, passages.getOrDefault(item.id(), List.of())))
                .toList();
    }
}
