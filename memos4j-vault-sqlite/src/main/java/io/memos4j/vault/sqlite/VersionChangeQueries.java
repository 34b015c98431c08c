package io.memos4j.vault.sqlite;

import io.memos4j.api.CubeId;
import io.memos4j.api.ItemId;
import io.memos4j.api.MemoryException;
import io.memos4j.api.Page;
import io.memos4j.api.history.ChangeKind;
import io.memos4j.api.history.ChangeReason;
import io.memos4j.api.history.ChangeRequest;
import io.memos4j.api.history.ItemVersion;
import io.memos4j.api.items.MemoryItem;
import io.memos4j.spi.CubeKey;
import io.memos4j.spi.history.VersionChange;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * Lists the changes of items: versions compared with the ones before. The kind of a change follows from the two, so
 * that versions of all formats have one.
 */
final class VersionChangeQueries {
    /** The kind of the change from version {@code p} to {@code v}. */
    private static final String KIND = "CASE WHEN v.undoes IS NOT NULL THEN 'undone'"
            + " WHEN v.rule = '" + ChangeReason.CORRECTION + "' THEN 'corrected'"
            + " WHEN v.successor IS NOT NULL AND v.successor IS NOT p.successor AND v.state = 'archived'"
            + " THEN 'superseded'"
            + " WHEN v.state = p.state THEN 'edited'"
            + " WHEN v.state = 'archived' AND v.rule IN ('" + ChangeReason.COOLED + "', '" + ChangeReason.CAPACITY
            + "') THEN 'decayed'"
            + " WHEN v.state IN ('merged', 'archived', 'expired', 'forgotten', 'frozen') THEN v.state"
            + " WHEN p.state = 'frozen' THEN 'unfrozen' ELSE 'reinstated' END";

    /** Tells whether the current version {@code c} is as {@code v} was. */
    private static final String SAME = "(c.version = v.version OR c.text = v.text AND c.title = v.title"
            + " AND c.tags = v.tags AND c.metadata = v.metadata AND c.state = v.state"
            + " AND c.valid_from IS v.valid_from AND c.valid_to IS v.valid_to AND c.expires_at IS v.expires_at"
            + " AND c.successor IS v.successor)";

    private static final String UNDONE = "EXISTS (SELECT 1 FROM item_version u WHERE u.cube_id = v.cube_id"
            + " AND u.item_id = v.item_id AND u.undoes = v.version AND NOT EXISTS (SELECT 1 FROM item_version w"
            + " WHERE w.cube_id = u.cube_id AND w.item_id = u.item_id AND w.undoes = u.version))";

    private static final String CHANGES = "SELECT v.item_id, v.version, v.recorded_at, " + KIND + ", " + SAME
            + " AND NOT " + UNDONE + " FROM item_version v"
            + " CROSS JOIN item_version p ON p.cube_id = v.cube_id AND p.item_id = v.item_id"
            + " AND p.version = v.version - 1"
            + " CROSS JOIN item i ON i.cube_id = v.cube_id AND i.item_id = v.item_id"
            + " CROSS JOIN item_version c ON c.cube_id = i.cube_id AND c.item_id = i.item_id AND c.version = i.version"
            + " WHERE v.cube_id = ? AND v.version > 1";

    private static final String LATEST_FIRST = " ORDER BY v.recorded_at DESC, v.item_id DESC, v.version DESC LIMIT ?";

    private final SqlConnection sql;
    private final CubeKey cube;
    private final CubeId name;

    VersionChangeQueries(SqlConnection sql, CubeKey cube, CubeId name) {
        this.sql = sql;
        this.cube = cube;
        this.name = name;
    }

    private record Found(ItemId item, int version, Instant at, ChangeKind kind, boolean inForce) {
        String cursor() {
            return at.toEpochMilli() + "." + item + "." + version;
        }
    }

    Page<VersionChange> page(ChangeRequest request) {
        List<Object> values = new ArrayList<>(List.of(cube));
        StringBuilder query = new StringBuilder(CHANGES);
        request.item().ifPresent(item -> add(query, values, " AND v.item_id = ?", item));
        request.since().ifPresent(since -> add(query, values, " AND v.recorded_at >= ?", since));
        if (!request.kinds().isEmpty()) {
            query.append(request.kinds().stream()
                    .map(kind -> "'" + kind.id() + "'")
                    .sorted()
                    .collect(Collectors.joining(", ", " AND " + KIND + " IN (", ")")));
        }
        if (!request.cursor().isEmpty()) {
            query.append(" AND (v.recorded_at, v.item_id, v.version) < (?, ?, ?)");
            values.addAll(position(request.cursor()));
        }
        values.add(request.limit() + 1);
        List<Found> found = sql.query(
                row -> new Found(
                        StoredIds.of(row.getBytes(1)),
                        row.getInt(2),
                        RowMappers.instant(row, 3),
                        ChangeKind.parse(row.getString(4)),
                        row.getBoolean(5)),
                query.append(LATEST_FIRST).toString(),
                values.toArray());
        Page<Found> page = Page.cut(found, request.limit(), Found::cursor);
        Map<ItemId, MemoryItem> current = new HashMap<>();
        return new Page<>(
                page.items().stream().map(each -> change(each, current)).toList(), page.next());
    }

    private static void add(StringBuilder query, List<Object> values, String condition, Object value) {
        query.append(condition);
        values.add(value);
    }

    private VersionChange change(Found found, Map<ItemId, MemoryItem> known) {
        List<ItemVersion> both =
                versions("i.item_id = ? AND v.version BETWEEN ? AND ?", found.item, found.version - 1, found.version);
        MemoryItem current = known.computeIfAbsent(
                found.item,
                id -> versions("i.item_id = ? AND v.version = i.version", id)
                        .getFirst()
                        .item());
        return new VersionChange(both.getFirst(), both.getLast(), found.kind, current, found.inForce);
    }

    /** Returns the versions that match a condition, oldest first. */
    List<ItemVersion> versions(String condition, Object... values) {
        List<Object> all = new ArrayList<>(List.of(cube));
        all.addAll(List.of(values));
        return sql.query(
                row -> RowMappers.version(name, row),
                "SELECT " + RowMappers.ITEM + RowMappers.VERSION + " FROM item i JOIN item_version v"
                        + " ON v.cube_id = i.cube_id AND v.item_id = i.item_id WHERE i.cube_id = ? AND " + condition
                        + " ORDER BY v.version",
                all.toArray());
    }

    private static List<Object> position(String cursor) {
        String[] parts = cursor.split("\\.", -1);
        if (parts.length == 3 && parts[0].matches("-?\\d{1,18}") && parts[2].matches("\\d{1,9}")) {
            return List.of(Long.parseLong(parts[0]), ItemId.parse(parts[1]), Integer.parseInt(parts[2]));
        }
        throw MemoryException.invalid(
                "'" + cursor + "' is not a cursor of changes. Use the one that the former page gave.");
    }

    /** Returns the forgotten items whose current version has this evidence. */
    List<ItemId> forgottenBy(ItemId request) {
        return sql.query(
                row -> StoredIds.of(row.getBytes(1)),
                "SELECT i.item_id FROM item i INDEXED BY item_forgotten CROSS JOIN item_version v"
                        + " ON v.cube_id = i.cube_id AND v.item_id = i.item_id AND v.version = i.version"
                        + " WHERE i.cube_id = ? AND i.state = 'forgotten' AND v.evidence = ? ORDER BY i.ordinal",
                cube,
                request);
    }

    /** Reads the reason in the columns from {@code first} on: rule, confidence, evidence, undone version. */
    static ChangeReason reason(ResultSet row, int first) throws SQLException {
        double confidence = row.getDouble(first + 1);
        Optional<Double> known = row.wasNull() ? Optional.empty() : Optional.of(confidence);
        int undoes = row.getInt(first + 3);
        Optional<Integer> undone = row.wasNull() ? Optional.empty() : Optional.of(undoes);
        return new ChangeReason(
                row.getString(first),
                known,
                Optional.ofNullable(row.getBytes(first + 2)).map(StoredIds::of),
                undone);
    }
}
