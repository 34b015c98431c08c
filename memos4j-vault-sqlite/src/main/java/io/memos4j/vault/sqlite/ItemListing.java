package io.memos4j.vault.sqlite;

import io.memos4j.api.CubeId;
import io.memos4j.api.MemoryException;
import io.memos4j.api.Page;
import io.memos4j.api.items.ListRequest;
import io.memos4j.api.items.ListRequest.Sort;
import io.memos4j.api.items.MemoryItem;
import io.memos4j.spi.CubeKey;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Optional;

/**
 * A page of items by keyset: the cursor names the last row by its sort key, so that pages stay right while items come
 * and go.
 */
final class ItemListing {
    private static final int KEY_COLUMN = RowMappers.ITEM_COLUMNS + 1;

    private final SqlConnection sql;
    private final CubeKey cube;
    private final CubeId id;

    ItemListing(SqlConnection sql, CubeKey cube, CubeId id) {
        this.sql = sql;
        this.cube = cube;
        this.id = id;
    }

    /** A row with its sort key; without its item if that is damaged. */
    private record Keyed(Optional<MemoryItem> item, long key, long ordinal) {}

    /**
     * The versions to list: the table expression with its bound values, the filter, and the column of the time of
     * change.
     */
    private record Source(String from, List<Object> values, FilterSql filter, String updated) {}

    /** Returns a page of current versions. */
    Page<MemoryItem> page(ListRequest request) {
        return page(request, new Source(RowMappers.CURRENT, List.of(), FilterSql.of(request.filter()), "i.updated_at"));
    }

    /** Returns a page of the versions at an instant. */
    Page<MemoryItem> page(ListRequest request, Instant at) {
        List<Object> twice = List.of(at, at);
        return page(
                request,
                new Source(SqliteHistoryReader.AT, twice, FilterSql.ofVersion(request.filter()), "v.recorded_at"));
    }

    private Page<MemoryItem> page(ListRequest request, Source source) {
        Sort sort = request.sort();
        String key = switch (sort) {
            case OLDEST, NEWEST -> "i.occurred_at";
            case INSERTED -> "i.ordinal";
            case UPDATED -> source.updated;
        };
        boolean descending = sort == Sort.NEWEST || sort == Sort.UPDATED;
        List<Object> values = new ArrayList<>(source.values);
        values.add(cube);
        values.addAll(source.filter.values());
        String after = "";
        if (!request.cursor().isEmpty()) {
            long[] last = decode(sort, request.cursor());
            after = " AND (" + key + ", i.ordinal) " + (descending ? "<" : ">") + " (?, ?)";
            values.add(last[0]);
            values.add(last[1]);
        }
        values.add(request.limit() + 1);
        String direction = descending ? " DESC" : "";
        List<Keyed> rows = sql.query(
                row -> new Keyed(
                        sql.findReadable(each -> RowMappers.item(id, each), row),
                        row.getLong(KEY_COLUMN),
                        row.getLong(KEY_COLUMN + 1)),
                "SELECT " + RowMappers.ITEM + ", " + key + ", i.ordinal FROM" + source.from + "WHERE i.cube_id = ? AND "
                        + source.filter.condition() + after + " ORDER BY " + key + direction + ", i.ordinal" + direction
                        + " LIMIT ?",
                values.toArray());
        Page<Keyed> page = Page.cut(rows, request.limit(), last -> encode(sort, last));
        return new Page<>(
                page.items().stream().map(Keyed::item).flatMap(Optional::stream).toList(), page.next());
    }

    private static String encode(Sort sort, Keyed last) {
        String cursor = sort + ":" + last.key + ":" + last.ordinal;
        return Base64.getUrlEncoder().withoutPadding().encodeToString(cursor.getBytes(StandardCharsets.UTF_8));
    }

    private static long[] decode(Sort sort, String cursor) {
        try {
            String[] parts = new String(Base64.getUrlDecoder().decode(cursor), StandardCharsets.UTF_8).split(":", -1);
            if (parts.length == 3 && parts[0].equals(sort.name())) {
                return new long[] {Long.parseLong(parts[1]), Long.parseLong(parts[2])};
            }
        } catch (IllegalArgumentException e) {
            // Fall through to the one refusal below.
        }
        throw MemoryException.invalid("'" + cursor
                + "' is not a cursor of this listing. Use the one that the former page gave, with" + " the same sort.");
    }
}
