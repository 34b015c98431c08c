package io.memos4j.vault.sqlite;

import io.memos4j.api.Actor;
import io.memos4j.api.CubeId;
import io.memos4j.api.ItemId;
import io.memos4j.api.history.ItemVersion;
import io.memos4j.api.history.SupersessionRecord;
import io.memos4j.api.items.Authorship;
import io.memos4j.api.items.ItemOrigin;
import io.memos4j.api.items.ItemState;
import io.memos4j.api.items.ItemTimes;
import io.memos4j.api.items.ItemType;
import io.memos4j.api.items.MemoryItem;
import io.memos4j.api.items.Role;
import io.memos4j.api.items.SourceReference;
import io.memos4j.spi.CubeKey;
import io.memos4j.spi.CubeRow;
import io.memos4j.spi.index.Passage;
import io.memos4j.spi.items.InsertedItem;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.ZoneId;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import tools.jackson.core.type.TypeReference;
import tools.jackson.databind.json.JsonMapper;

/** Reads rows into values. */
final class RowMappers {
    /** The columns that {@link #item} reads, from item {@code i} and version {@code v}. */
    static final String ITEM = """
            i.item_id, v.version, i.type, v.state, v.text, v.title, i.session, i.role, i.speaker, i.occurred_at, \
            i.recorded_at, \
            v.recorded_at, v.valid_from, v.valid_to, v.tags, v.metadata, \
            (SELECT json_group_array(json_array(kind, source_id, start_at, end_at) ORDER BY position) FROM link l \
            WHERE l.cube_id = i.cube_id AND l.item_id = i.item_id), v.expires_at, v.standing, i.zone, \
            v.principal, v.suspicion, v.sensitivity, v.labeled""";

    /** The number of these columns. */
    static final int ITEM_COLUMNS = 24;

    /** The columns of a version that {@link #version} reads besides {@link #ITEM}. */
    static final String VERSION = ", v.superseded_at, v.cause, v.actor, v.rule, v.confidence, v.evidence, v.undoes,"
            + " v.successor, v.successor_reason, v.successor_since";

    /** An item with its current version. */
    static final String CURRENT = " item i JOIN item_version v ON v.cube_id = i.cube_id AND v.item_id = i.item_id"
            + " AND v.version = i.version ";

    static final String CUBE = "SELECT key, name, created_at, embedder, dimension, seq, zone, privacy FROM cube ";

    private static final JsonMapper MAPPER = new JsonMapper();
    private static final TypeReference<List<List<String>>> LINKS = new TypeReference<>() {};

    private RowMappers() {}

    static CubeRow cube(ResultSet row) throws SQLException {
        return new CubeRow(
                cubeKey(row, 1),
                CubeId.of(row.getString(2)),
                instant(row, 3),
                row.getString(4),
                row.getInt(5),
                row.getLong(6),
                zone(row, 7),
                SqlitePrivacy.policy(row.getString(8)));
    }

    static MemoryItem item(CubeId cube, ResultSet row) throws SQLException {
        return new MemoryItem(
                cube,
                StoredIds.of(row.getBytes(1)),
                row.getInt(2),
                ItemType.parse(row.getString(3)),
                ItemState.parse(row.getString(4)),
                row.getString(5),
                row.getString(6),
                new ItemOrigin(
                        row.getString(7), Role.parse(row.getString(8)), row.getString(9), links(row.getString(17))),
                new ItemTimes(
                        instant(row, 10),
                        instant(row, 11),
                        instant(row, 12),
                        optionalInstant(row, 13),
                        optionalInstant(row, 14),
                        optionalInstant(row, 18),
                        zone(row, 20)),
                SqliteJson.strings(row.getString(15)),
                SqliteJson.object(row.getString(16)),
                SqliteJson.strings(row.getString(19)).stream()
                        .map(ItemType::parse)
                        .collect(Collectors.toSet()),
                new Authorship(row.getString(21), row.getString(22)),
                SqlitePrivacy.label(row, 23));
    }

    /** Reads an item; its ordinal follows the columns of {@link #ITEM}. */
    static InsertedItem inserted(CubeId cube, ResultSet row) throws SQLException {
        return new InsertedItem(item(cube, row), row.getLong(ITEM_COLUMNS + 1));
    }

    /** Reads a version; the columns of {@link #VERSION} follow those of {@link #ITEM}. */
    static ItemVersion version(CubeId cube, ResultSet row) throws SQLException {
        MemoryItem item = item(cube, row);
        return new ItemVersion(
                item,
                item.times().updatedAt(),
                optionalInstant(row, ITEM_COLUMNS + 1),
                row.getString(ITEM_COLUMNS + 2),
                Actor.parse(row.getString(ITEM_COLUMNS + 3)),
                VersionChangeQueries.reason(row, ITEM_COLUMNS + 4),
                succession(item.id(), row, ITEM_COLUMNS + 8));
    }

    private static Optional<SupersessionRecord> succession(ItemId former, ResultSet row, int first)
            throws SQLException {
        byte[] successor = row.getBytes(first);
        return successor == null
                ? Optional.empty()
                : Optional.of(new SupersessionRecord(
                        former, StoredIds.of(successor), row.getString(first + 1), instant(row, first + 2)));
    }

    static CubeKey cubeKey(ResultSet row, int column) throws SQLException {
        return CubeKey.of(row.getLong(column));
    }

    static Passage passage(ResultSet row) throws SQLException {
        return new Passage(row.getInt(1), row.getInt(2), row.getInt(3));
    }

    static SupersessionRecord supersession(ResultSet row) throws SQLException {
        return new SupersessionRecord(
                StoredIds.of(row.getBytes(1)), StoredIds.of(row.getBytes(2)), row.getString(3), instant(row, 4));
    }

    static Instant instant(ResultSet row, int column) throws SQLException {
        return Instant.ofEpochMilli(row.getLong(column));
    }

    static Optional<Instant> optionalInstant(ResultSet row, int column) throws SQLException {
        long millis = row.getLong(column);
        return row.wasNull() ? Optional.empty() : Optional.of(Instant.ofEpochMilli(millis));
    }

    private static Optional<ZoneId> zone(ResultSet row, int column) throws SQLException {
        return Optional.ofNullable(row.getString(column)).map(ZoneId::of);
    }

    private static List<SourceReference> links(String json) {
        if (json.equals("[]")) {
            return List.of();
        }
        return MAPPER.readValue(json, LINKS).stream()
                .map(link -> new SourceReference(
                        SourceReference.Kind.valueOf(link.get(0)),
                        link.get(1),
                        Integer.parseInt(link.get(2)),
                        Integer.parseInt(link.get(3))))
                .toList();
    }
}
