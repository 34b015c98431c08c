package io.memos4j.vault.sqlite;

import io.memos4j.api.Actor;
import io.memos4j.api.CubeDescription;
import io.memos4j.api.CubeId;
import io.memos4j.api.ItemId;
import io.memos4j.api.Page;
import io.memos4j.api.history.ItemVersion;
import io.memos4j.api.history.SupersessionRecord;
import io.memos4j.api.items.Filter;
import io.memos4j.api.items.ListRequest;
import io.memos4j.api.items.MemoryItem;
import io.memos4j.api.items.Selection;
import io.memos4j.api.items.SessionInfo;
import io.memos4j.api.privacy.PrivacyPolicy;
import io.memos4j.api.tasks.TaskKind;
import io.memos4j.internal.Sha256Hash;
import io.memos4j.spi.CubeKey;
import io.memos4j.spi.CubeRow;
import io.memos4j.spi.index.ChangeBatch;
import io.memos4j.spi.index.Passage;
import io.memos4j.spi.items.ClaimedValue;
import io.memos4j.spi.items.FingerprintedItem;
import io.memos4j.spi.items.InsertedItem;
import io.memos4j.spi.items.PassageVector;
import io.memos4j.spi.items.PendingItem;
import io.memos4j.spi.items.SessionNeighbors;
import io.memos4j.spi.items.StoredAnswer;
import io.memos4j.spi.vault.ModelSpending;
import io.memos4j.spi.vault.VaultReader;
import java.time.Instant;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/** The read side of the vault on one connection. */
class SqliteReader implements VaultReader {
    final SqlConnection sql;

    SqliteReader(SqlConnection sql) {
        this.sql = sql;
    }

    @Override
    public Optional<CubeRow> findCube(CubeId id) {
        return sql.first(RowMappers::cube, RowMappers.CUBE + "WHERE name = ?", id.value());
    }

    @Override
    public List<CubeRow> cubes() {
        return sql.query(RowMappers::cube, RowMappers.CUBE + "ORDER BY name");
    }

    @Override
    public Optional<CubeRow> findCube(CubeKey key) {
        return sql.first(RowMappers::cube, RowMappers.CUBE + "WHERE key = ?", key);
    }

    @Override
    public CubeDescription describe(CubeRow cube) {
        return new CubeStatistics(sql).describe(cube);
    }

    @Override
    public List<SessionInfo> sessions(CubeKey cube, String after, int limit) {
        return new CubeStatistics(sql).sessions(cube, after, limit);
    }

    @Override
    public List<MemoryItem> items(CubeKey cube, Collection<ItemId> ids) {
        if (ids.isEmpty()) {
            return List.of();
        }
        CubeId name = history().name(cube);
        return sql.query(
                row -> RowMappers.item(name, row),
                "SELECT " + RowMappers.ITEM + " FROM " + StoredIds.LIST + " ids CROSS JOIN" + RowMappers.CURRENT
                        + "WHERE i.cube_id = ? AND i.item_id = ids.id ORDER BY ids.position",
                StoredIds.list(ids),
                cube);
    }

    @Override
    public List<CubeRow> findCubesWith(ItemId id) {
        return sql.query(
                RowMappers::cube,
                RowMappers.CUBE + "WHERE key IN (SELECT cube_id FROM item WHERE item_id = ?) ORDER BY key",
                id);
    }

    @Override
    public List<Passage> passages(CubeKey cube, ItemId id) {
        return sql.query(
                RowMappers::passage,
                "SELECT number, start_at, end_at FROM passage WHERE cube_id = ? AND item_id = ? ORDER BY number",
                cube,
                id);
    }

    @Override
    public Page<MemoryItem> list(CubeKey cube, ListRequest request) {
        return new ItemListing(sql, cube, history().name(cube)).page(request);
    }

    @Override
    public List<ItemId> select(CubeKey cube, Selection selection) {
        return switch (selection) {
            case Selection.Item(ItemId id) ->
                ids("SELECT item_id FROM item WHERE cube_id = ? AND item_id = ?", cube, id);
            case Selection.Session(String session) ->
                ids("SELECT item_id FROM item WHERE cube_id = ? AND session = ? ORDER BY ordinal", cube, session);
            case Selection.Source(String id) ->
                ids(
                        "SELECT i.item_id FROM item i WHERE i.cube_id = ? AND i.item_id IN"
                                + " (SELECT item_id FROM link WHERE cube_id = ? AND source_id = ?) ORDER BY i.ordinal",
                        cube,
                        cube,
                        id);
            case Selection.Matching(var filter) -> {
                FilterSql condition = FilterSql.of(filter);
                yield ids(
                        "SELECT i.item_id FROM" + RowMappers.CURRENT + "WHERE i.cube_id = ? AND "
                                + condition.condition() + " ORDER BY i.ordinal",
                        Stream.concat(Stream.of(cube), condition.values().stream())
                                .toArray());
            }
        };
    }

    private List<ItemId> ids(String query, Object... values) {
        return sql.query(row -> StoredIds.of(row.getBytes(1)), query, values);
    }

    @Override
    public List<ItemId> derivedFrom(CubeKey cube, Collection<ItemId> ids) {
        return ids(
                "WITH RECURSIVE given(id) AS " + StoredIds.IDS + ", derived(id) AS ("
                        + "SELECT l.item_id FROM given g CROSS JOIN link l WHERE l.cube_id = ? AND l.kind = 'ITEM'"
                        + " AND l.source_id = " + text("g.id")
                        + " UNION SELECT l.item_id FROM derived d CROSS JOIN link l WHERE l.cube_id = ?"
                        + " AND l.kind = 'ITEM'"
                        + " AND l.source_id = " + text("d.id")
                        + ") SELECT id FROM derived WHERE id NOT IN (SELECT id FROM given)",
                StoredIds.list(ids),
                cube,
                cube);
    }

    /** The canonical text of a UUID column, as links name items. */
    private static String text(String column) {
        String hex = "lower(hex(" + column + "))";
        return "substr(" + hex + ",1,8)||'-'||substr(" + hex + ",9,4)||'-'||substr(" + hex + ",13,4)||'-'||substr("
                + hex + ",17,4)||'-'||substr(" + hex + ",21)";
    }

    @Override
    public List<PassageVector> vectors(CubeKey cube, Collection<ItemId> ids) {
        return new VectorQueries(sql).of(cube, ids);
    }

    @Override
    public List<InsertedItem> itemsAfterMark(CubeKey cube, TaskKind kind, Filter filter, int limit) {
        CubeId name = history().name(cube);
        FilterSql condition = FilterSql.of(filter);
        List<Object> values = new ArrayList<>(List.of(cube, cube, kind.id()));
        values.addAll(condition.values());
        values.add(limit);
        return sql.query(
                row -> RowMappers.inserted(name, row),
                "SELECT " + RowMappers.ITEM + ", i.ordinal FROM" + RowMappers.CURRENT
                        + "WHERE i.cube_id = ? AND i.ordinal >"
                        + " COALESCE((SELECT m.ordinal FROM mark m WHERE m.cube_id = ? AND m.kind = ?), 0) AND "
                        + condition.condition() + " ORDER BY i.ordinal LIMIT ?",
                values.toArray());
    }

    @Override
    public SqliteTasks tasks() {
        return new SqliteTasks(sql);
    }

    @Override
    public SqliteUsage usage() {
        return new SqliteUsage(sql);
    }

    @Override
    public SqliteHistoryReader history() {
        return new SqliteHistoryReader(sql);
    }

    @Override
    public SqliteTransfers transfers() {
        return new SqliteTransfers(sql, adapters());
    }

    @Override
    public SqliteAccess access() {
        return new SqliteAccess(sql);
    }

    @Override
    public SqliteAudit audit() {
        return new SqliteAudit(sql);
    }

    @Override
    public SqliteActivations activations() {
        return new SqliteActivations(sql, new SqliteActivations.Touched());
    }

    @Override
    public SqliteAdapters adapters() {
        return new SqliteAdapters(sql, new SqliteAdapters.Transaction(Actor.UNKNOWN));
    }

    @Override
    public SqliteRelations relations() {
        return new SqliteRelations(sql);
    }

    @Override
    public ModelSpending spending(CubeKey cube, LocalDate day) {
        return sql.first(
                        row -> new ModelSpending(row.getInt(1), row.getLong(2)),
                        "SELECT calls, tokens FROM spending WHERE cube_id = ? AND day = ?",
                        cube,
                        day.toString())
                .orElse(new ModelSpending(0, 0));
    }

    @Override
    public Map<ItemId, Integer> ratings(CubeKey cube, Collection<ItemId> ids) {
        return sql.map(
                row -> StoredIds.of(row.getBytes(1)),
                row -> row.getInt(2),
                "SELECT r.item_id, r.score FROM " + StoredIds.LIST + " ids CROSS JOIN rating r"
                        + " WHERE r.cube_id = ? AND r.item_id = ids.id",
                StoredIds.list(ids),
                cube);
    }

    @Override
    public List<ClaimedValue> findClaims(CubeKey cube, String key) {
        return new ClaimQueries(sql).claimants(cube, key);
    }

    @Override
    public List<ItemId> itemsWithClaims(CubeKey cube, int limit) {
        return new ClaimQueries(sql).claiming(cube, limit);
    }

    @Override
    public List<String> contestedKeys(CubeKey cube, String after, int limit) {
        return new ClaimQueries(sql).disputed(cube, after, limit);
    }

    @Override
    public List<SupersessionRecord> supersessions(CubeKey cube, Collection<ItemId> ids) {
        String list = StoredIds.list(ids);
        return sql.query(
                RowMappers::supersession,
                "SELECT item_id, successor, reason, since FROM succession WHERE cube_id = ? AND item_id IN "
                        + StoredIds.IDS + " UNION SELECT item_id, successor, reason, since FROM succession"
                        + " INDEXED BY succession_successor WHERE cube_id = ? AND successor IN " + StoredIds.IDS
                        + " ORDER BY 4, 1",
                cube,
                list,
                cube,
                list);
    }

    @Override
    public List<ItemVersion> versions(CubeKey cube, ItemId id) {
        return new VersionChangeQueries(sql, cube, history().name(cube)).versions("i.item_id = ?", id);
    }

    @Override
    public Map<ItemId, SessionNeighbors> sessionNeighbors(CubeKey cube, Collection<ItemId> ids) {
        String neighbor =
                "(SELECT n.item_id FROM item n WHERE n.cube_id = i.cube_id AND n.session = i.session AND n.ordinal ";
        return sql.map(
                row -> StoredIds.of(row.getBytes(1)),
                row -> new SessionNeighbors(
                        Optional.ofNullable(row.getBytes(2)).map(StoredIds::of),
                        Optional.ofNullable(row.getBytes(3)).map(StoredIds::of)),
                "SELECT i.item_id, " + neighbor + "< i.ordinal ORDER BY n.ordinal DESC LIMIT 1), " + neighbor
                        + "> i.ordinal ORDER BY n.ordinal LIMIT 1) FROM " + StoredIds.LIST
                        + " ids CROSS JOIN item i WHERE i.cube_id = ? AND i.item_id = ids.id"
                        + " AND i.session <> ''",
                StoredIds.list(ids),
                cube);
    }

    @Override
    public ChangeBatch changes(CubeKey cube, long after, int limit) {
        return new ChangeQueries(
                        sql,
                        findCube(cube)
                                .orElse(new CubeRow(
                                        cube,
                                        new CubeId("deleted"),
                                        Instant.EPOCH,
                                        "",
                                        0,
                                        after,
                                        Optional.empty(),
                                        PrivacyPolicy.DEFAULT)))
                .after(after, limit);
    }

    @Override
    public List<CubeKey> cubesWithPending(String embedder) {
        return new VectorQueries(sql).waitingCubes(embedder);
    }

    @Override
    public boolean hasErasures() {
        return new PendingErasures(sql).count() > 0;
    }

    @Override
    public List<CubeRow> cubesWithErasures() {
        return new PendingErasures(sql).cubes();
    }

    @Override
    public List<PendingItem> pending(CubeKey cube, int limit) {
        Map<ItemId, List<Passage>> waiting = new VectorQueries(sql).waiting(cube, limit);
        return items(cube, waiting.keySet()).stream()
                .map(item -> new PendingItem(cube, item, waiting.getOrDefault(item.id(), List.of())))
                .toList();
    }

    @Override
    public boolean hasPending(CubeKey cube) {
        return new VectorQueries(sql).anyWaiting(cube);
    }

    @Override
    public List<FingerprintedItem> recentFingerprints(CubeKey cube, String session, int limit) {
        return sql.query(
                row -> new FingerprintedItem(StoredIds.of(row.getBytes(2)), row.getString(1)),
                "SELECT fingerprint, item_id FROM item WHERE cube_id = ? AND session = ? ORDER BY ordinal DESC LIMIT ?",
                cube,
                session,
                limit);
    }

    @Override
    public Map<String, ItemId> findByFingerprint(CubeKey cube, Collection<String> fingerprints) {
        if (fingerprints.isEmpty()) {
            return Map.of();
        }
        return sql.map(
                row -> row.getString(1),
                row -> StoredIds.of(row.getBytes(2)),
                "SELECT i.fingerprint, i.item_id FROM json_each(?) wanted"
                        + " CROSS JOIN item i INDEXED BY item_fingerprint"
                        + " WHERE i.cube_id = ? AND i.fingerprint = wanted.value AND i.fingerprint <> ''"
                        + " ORDER BY wanted.key, i.ordinal DESC",
                SqliteJson.of(List.copyOf(fingerprints)),
                cube);
    }

    @Override
    public Optional<StoredAnswer> findAnswer(CubeKey cube, String idempotencyKey) {
        return sql.first(
                row -> new StoredAnswer(row.getString(1), row.getString(2)),
                "SELECT request_hash, answer FROM answer WHERE cube_id = ? AND key IN (?, ?)",
                cube,
                Sha256Hash.of(idempotencyKey),
                idempotencyKey);
    }
}
