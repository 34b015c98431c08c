package io.memos4j.vault.sqlite;

import io.memos4j.api.Actor;
import io.memos4j.api.CubeId;
import io.memos4j.api.ItemId;
import io.memos4j.api.history.SupersessionRecord;
import io.memos4j.api.items.ItemState;
import io.memos4j.api.items.ItemType;
import io.memos4j.api.items.MemoryItem;
import io.memos4j.api.privacy.PrivacyPolicy;
import io.memos4j.api.privacy.SensitivityLabel;
import io.memos4j.api.tasks.TaskKind;
import io.memos4j.internal.Sha256Hash;
import io.memos4j.spi.CubeKey;
import io.memos4j.spi.CubeRow;
import io.memos4j.spi.index.Passage;
import io.memos4j.spi.items.PassageVector;
import io.memos4j.spi.items.StoredAnswer;
import io.memos4j.spi.items.StoredItem;
import io.memos4j.spi.vault.ModelSpending;
import io.memos4j.spi.vault.VaultWriter;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneId;
import java.util.Collection;
import java.util.Collections;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;

/** The write side of the vault on the writer's connection, inside its transaction. */
final class SqliteWriter extends SqliteReader implements VaultWriter {
    /** The tables with rows of a cube, except that of the cubes. */
    private static final String CUBE_TABLES =
            "item item_version link passage claim succession rating mark spending task paused usage working relation"
                    + " snapshot policy tombstone answer cube_grant asked adapter adapter_source adapter_change"
                    + " learning";

    /** The tables whose rows belong to one item alone. */
    private static final String ITEM_TABLES =
            "passage link claim succession rating usage working relation item_version item";

    private final SqliteActivations.Touched touched = new SqliteActivations.Touched();
    private final SqliteAdapters.Transaction transaction;
    private final Set<ItemId> changed = new LinkedHashSet<>();

    SqliteWriter(SqlConnection sql, Actor actor) {
        super(sql);
        this.transaction = new SqliteAdapters.Transaction(actor);
    }

    String actor() {
        return transaction.actor().stored();
    }

    @Override
    public CubeRow createCube(CubeId id, String embedder, int dimension, Instant now) {
        sql.update(
                "INSERT INTO cube (name, created_at, embedder, dimension) VALUES (?, ?, ?, ?)",
                id.value(),
                now,
                embedder,
                dimension);
        return findCube(id).orElseThrow();
    }

    @Override
    public void setZone(CubeKey cube, Optional<ZoneId> zone) {
        sql.update(
                "UPDATE cube SET zone = ? WHERE key = ?",
                zone.map(ZoneId::getId).orElse(null),
                cube);
    }

    @Override
    public void setPrivacy(CubeKey cube, PrivacyPolicy privacy) {
        sql.update("UPDATE cube SET privacy = ? WHERE key = ?", SqlitePrivacy.json(privacy), cube);
    }

    @Override
    public int screen(int limit, Function<MemoryItem, SensitivityLabel> labels) {
        return SqlitePrivacy.screen(this, limit, labels);
    }

    /** Has the index read an item again. */
    void reread(CubeKey cube, ItemId item) {
        sql.update(
                "UPDATE item SET seq = ? WHERE cube_id = ? AND item_id = ?", reserve("seq", cube, 1) + 1, cube, item);
    }

    @Override
    public void changeEmbedder(CubeKey cube, String embedder, int dimension) {
        sql.update("UPDATE passage SET state = 0, vector = NULL WHERE cube_id = ?", cube);
        sql.update("UPDATE cube SET embedder = ?, dimension = ? WHERE key = ?", embedder, dimension, cube);
    }

    @Override
    public void deleteCube(CubeKey cube) {
        noteErasure();
        adapters().erased(cube);
        for (String table : CUBE_TABLES.split(" ")) {
            sql.update("DELETE FROM " + table + " WHERE cube_id = ?", cube);
        }
        sql.update("DELETE FROM cube WHERE key = ?", cube);
        activations().erased(cube);
    }

    @Override
    public void insert(CubeKey cube, List<StoredItem> items) {
        if (items.isEmpty()) {
            return;
        }
        long seq = reserve("seq", cube, items.size());
        long ordinal = reserve("ordinal", cube, items.size());
        for (StoredItem stored : items) {
            MemoryItem item = stored.item();
            changed.add(item.id());
            sql.update(
                    "INSERT INTO item (cube_id, item_id, ordinal, seq, version, type, state, session, role, speaker,"
                            + " occurred_at, recorded_at, updated_at, fingerprint, zone)"
                            + " VALUES (?, ?, ?, ?, 1, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
                    cube,
                    item.id(),
                    ++ordinal,
                    ++seq,
                    item.type().id(),
                    item.state().id(),
                    item.origin().session(),
                    item.origin().role().id(),
                    item.origin().speaker(),
                    item.times().occurredAt(),
                    item.times().recordedAt(),
                    item.times().updatedAt(),
                    stored.fingerprint(),
                    item.times().zone().map(ZoneId::getId).orElse(null));
            insertVersion(cube, stored);
            LinkRows.insert(sql, cube, item);
            insertPassages(cube, stored);
        }
    }

    @Override
    public void replace(CubeKey cube, StoredItem stored) {
        MemoryItem item = stored.item();
        ItemId id = item.id();
        changed.add(id);
        Instant now = item.times().updatedAt();
        sql.update(
                "UPDATE item_version SET superseded_at = ? WHERE cube_id = ? AND item_id = ? AND version = ?",
                now,
                cube,
                id,
                item.version() - 1);
        insertVersion(cube, stored);
        sql.update(
                "UPDATE item SET version = ?, state = ?, updated_at = ?, seq = ? WHERE cube_id = ? AND item_id = ?",
                item.version(),
                item.state().id(),
                now,
                reserve("seq", cube, 1) + 1,
                cube,
                id);
        boolean rewritten = textChanged(cube, item);
        if (rewritten) {
            sql.update("DELETE FROM passage WHERE cube_id = ? AND item_id = ?", cube, id);
            sql.update("DELETE FROM claim WHERE cube_id = ? AND item_id = ?", cube, id);
            insertPassages(cube, stored);
        }
        history().noteSuccessor(cube, item.id());
        LinkRows.replace(this, cube, item);
        if (item.state() == ItemState.FORGOTTEN) {
            activations().erased(cube, List.of(item.id()));
        } else {
            activations().changed(cube, List.of(item.id()));
        }
        adapters().replaced(cube, item, rewritten);
    }

    /** A version with the same text and title keeps the passages and their vectors. */
    private boolean textChanged(CubeKey cube, MemoryItem item) {
        return sql.number(
                        "SELECT count(*) FROM item_version WHERE cube_id = ? AND item_id = ? AND version = ?"
                                + " AND text = ? AND title = ?",
                        cube,
                        item.id(),
                        item.version() - 1,
                        item.text(),
                        item.title())
                == 0;
    }

    private void insertVersion(CubeKey cube, StoredItem stored) {
        MemoryItem item = stored.item();
        sql.update(
                "INSERT INTO item_version (cube_id, item_id, version, text, title, tags, metadata, state, valid_from,"
                        + " valid_to, recorded_at, cause, actor, expires_at, standing, rule, confidence,"
                        + " evidence, undoes, principal, suspicion, sensitivity, labeled)"
                        + " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
                cube,
                item.id(),
                item.version(),
                item.text(),
                item.title(),
                SqliteJson.of(item.tags()),
                SqliteJson.of(item.metadata()),
                item.state().id(),
                item.times().validFrom().orElse(null),
                item.times().validTo().orElse(null),
                item.times().updatedAt(),
                stored.cause(),
                actor(),
                item.times().expiresAt().orElse(null),
                SqliteJson.of(
                        item.standing().stream().map(ItemType::id).sorted().toList()),
                stored.reason().rule(),
                stored.reason().confidence().orElse(null),
                stored.reason().evidence().orElse(null),
                stored.reason().undoes().orElse(null),
                item.authorship().principal(),
                item.authorship().suspicion(),
                item.sensitivity().id(),
                item.label().given().id());
    }

    /** Stores the passages and the claim of a text that has none. */
    void insertPassages(CubeKey cube, StoredItem stored) {
        ItemId id = stored.item().id();
        for (Passage passage : stored.passages()) {
            sql.update(
                    "INSERT INTO passage (cube_id, item_id, number, start_at, end_at, state) VALUES (?, ?, ?, ?, ?, 0)",
                    cube,
                    id,
                    passage.number(),
                    passage.start(),
                    passage.end());
        }
        stored.claim()
                .ifPresent(claim -> sql.update(
                        "INSERT INTO claim (cube_id, item_id, key, value) VALUES (?, ?, ?, ?)",
                        cube,
                        id,
                        claim.key(),
                        claim.value()));
    }

    @Override
    public void recordSupersession(CubeKey cube, SupersessionRecord succession) {
        sql.update(
                "INSERT OR REPLACE INTO succession (cube_id, item_id, successor, reason, since) VALUES (?, ?, ?, ?, ?)",
                cube,
                succession.former(),
                succession.successor(),
                succession.reason(),
                succession.since());
        history().noteSuccessor(cube, succession.former());
        activations().changed(cube, List.of(succession.former()));
        adapters().succeeded(cube, succession.former(), succession.successor());
    }

    @Override
    public void removeSupersession(CubeKey cube, ItemId former) {
        sql.update("DELETE FROM succession WHERE cube_id = ? AND item_id = ?", cube, former);
        history().noteSuccessor(cube, former);
    }

    @Override
    public void setMark(CubeKey cube, TaskKind kind, long ordinal) {
        sql.update("INSERT OR REPLACE INTO mark (cube_id, kind, ordinal) VALUES (?, ?, ?)", cube, kind.id(), ordinal);
    }

    @Override
    public void addSpending(CubeKey cube, LocalDate day, ModelSpending more) {
        sql.update(
                "INSERT INTO spending (cube_id, day, calls, tokens) VALUES (?, ?, ?, ?) ON CONFLICT (cube_id, day)"
                        + " DO UPDATE SET calls = calls + excluded.calls, tokens = tokens + excluded.tokens",
                cube,
                day.toString(),
                more.calls(),
                more.tokens());
    }

    @Override
    public void rate(CubeKey cube, ItemId item, int change) {
        sql.update(
                "INSERT INTO rating (cube_id, item_id, score) VALUES (?, ?, ?) ON CONFLICT (cube_id, item_id)"
                        + " DO UPDATE SET score = score + excluded.score",
                cube,
                item,
                change);
    }

    @Override
    public void erase(CubeKey cube, Collection<ItemId> ids, Instant now) {
        List<ItemId> living = sql.query(
                row -> StoredIds.of(row.getBytes(1)),
                "SELECT ids.id FROM " + StoredIds.LIST
                        + " ids CROSS JOIN item i WHERE i.cube_id = ? AND i.item_id = ids.id",
                StoredIds.list(ids),
                cube);
        if (living.isEmpty()) {
            return;
        }
        noteErasure();
        changed.addAll(living);
        String list = StoredIds.list(living);
        List<String> sessions = sql.query(
                row -> row.getString(1),
                "SELECT DISTINCT session FROM item WHERE cube_id = ? AND session <> '' AND item_id IN " + StoredIds.IDS,
                cube,
                list);
        for (String table : ITEM_TABLES.split(" ")) {
            sql.update("DELETE FROM " + table + " WHERE cube_id = ? AND item_id IN " + StoredIds.IDS, cube, list);
        }
        sql.update("DELETE FROM succession WHERE cube_id = ? AND successor IN " + StoredIds.IDS, cube, list);
        sql.update(
                "DELETE FROM relation INDEXED BY relation_other WHERE cube_id = ? AND other IN " + StoredIds.IDS,
                cube,
                list);
        activations().erased(cube, living);
        adapters().erased(cube, living, now);
        long seq = reserve("seq", cube, living.size());
        for (ItemId id : living) {
            sql.update("INSERT INTO tombstone (cube_id, seq, item_id) VALUES (?, ?, ?)", cube, ++seq, id);
        }
        sessions.forEach(session -> eraseSession(cube, session));
    }

    /** Erases the name of a session that has no items any more from the queue; running tasks about it lose it. */
    private void eraseSession(CubeKey cube, String session) {
        if (sql.number("SELECT count(*) FROM item WHERE cube_id = ? AND session = ?", cube, session) > 0) {
            return;
        }
        sql.update("DELETE FROM task WHERE cube_id = ? AND subject = ? AND state <> 'running'", cube, session);
        sql.update("UPDATE task SET subject = '' WHERE cube_id = ? AND subject = ?", cube, session);
    }

    void noteErasure() {
        new PendingErasures(sql).add();
    }

    @Override
    public void storeVectors(List<PassageVector> vectors) {
        record Touched(CubeKey cube, ItemId item) {}
        Set<Touched> touched = new LinkedHashSet<>();
        for (PassageVector each : vectors) {
            boolean stored = new VectorQueries(sql).store(each);
            if (stored && each.vector().isPresent()) {
                touched.add(new Touched(each.cube(), each.item()));
            }
        }
        for (Touched each : touched) {
            reread(each.cube, each.item);
        }
    }

    @Override
    public void storeAnswer(CubeKey cube, String idempotencyKey, StoredAnswer answer, Instant now) {
        sql.update(
                "INSERT OR REPLACE INTO answer (cube_id, key, request_hash, answer, created_at) VALUES (?, ?, ?, ?, ?)",
                cube,
                Sha256Hash.of(idempotencyKey),
                answer.requestHash(),
                answer.answer(),
                now);
    }

    @Override
    public void deleteAnswers(Instant before) {
        sql.update("DELETE FROM answer WHERE created_at < ?", before);
    }

    @Override
    public Set<ItemId> changedItems() {
        return Collections.unmodifiableSet(changed);
    }

    @Override
    public SqliteHistoryWriter history() {
        return new SqliteHistoryWriter(sql, this);
    }

    @Override
    public SqliteActivations activations() {
        return new SqliteActivations(sql, touched);
    }

    @Override
    public SqliteAdapters adapters() {
        return new SqliteAdapters(sql, transaction);
    }

    /** Reserves numbers of a counter; returns the one before the first. */
    private long reserve(String counter, CubeKey cube, int count) {
        String statement = "UPDATE cube SET " + counter + " = " + counter + " + ? WHERE key = ? RETURNING " + counter;
        return sql.first(row -> row.getLong(1), statement, count, cube).orElseThrow() - count;
    }
}
