package io.memos4j.vault.sqlite;

import io.memos4j.api.CubeId;
import io.memos4j.api.ItemId;
import io.memos4j.api.history.Snapshot;
import io.memos4j.spi.CubeKey;
import io.memos4j.spi.CubeRow;
import io.memos4j.spi.history.HistoryWriter;
import io.memos4j.spi.items.InsertedItem;
import io.memos4j.spi.items.StoredItem;
import java.util.List;

/** Snapshots, forks and the successors of versions, inside the writer's transaction. */
final class SqliteHistoryWriter extends SqliteHistoryReader implements HistoryWriter {
    /** An item of the new cube, and the one in the old cube that it was made of. */
    private static final String BOTH =
            " item n CROSS JOIN item i ON i.item_id = n.item_id WHERE n.cube_id = ? AND i.cube_id = ? ";

    /** An item of the new cube whose text is the current one of the old cube. */
    private static final String SAME_TEXT = "AND EXISTS (SELECT 1 FROM item_version c CROSS JOIN item_version v"
            + " WHERE c.cube_id = i.cube_id AND c.item_id = i.item_id AND c.version = i.version"
            + " AND v.cube_id = n.cube_id"
            + " AND v.item_id = n.item_id AND v.version = 1 AND v.text = c.text AND v.title = c.title) ";

    private final SqliteWriter writer;

    SqliteHistoryWriter(SqlConnection sql, SqliteWriter writer) {
        super(sql);
        this.writer = writer;
    }

    /** Records in the current version of an item its present successor, if any. */
    void noteSuccessor(CubeKey cube, ItemId item) {
        sql.update(
                "UPDATE item_version SET (successor, successor_reason, successor_since) ="
                        + " (SELECT successor, reason, since FROM succession WHERE cube_id = ? AND item_id = ?)"
                        + " WHERE cube_id = ? AND item_id = ?"
                        + " AND version = (SELECT version FROM item WHERE cube_id = ? AND item_id = ?)",
                cube,
                item,
                cube,
                item,
                cube,
                item);
    }

    @Override
    public void saveSnapshot(CubeKey cube, Snapshot snapshot) {
        sql.update(
                "INSERT INTO snapshot (cube_id, name, taken_at) VALUES (?, ?, ?)",
                cube,
                snapshot.name(),
                snapshot.takenAt());
    }

    @Override
    public boolean deleteSnapshot(CubeKey cube, String snapshot) {
        writer.noteErasure();
        return sql.update("DELETE FROM snapshot WHERE cube_id = ? AND name = ?", cube, snapshot) > 0;
    }

    @Override
    public CubeRow fork(CubeKey cube, ForkRequest fork) {
        sql.update(
                "INSERT INTO cube (name, created_at, embedder, dimension, zone, privacy)"
                        + " SELECT ?, ?, embedder, dimension, zone, privacy FROM cube WHERE key = ?",
                fork.id().value(),
                fork.now(),
                cube);
        CubeKey made = writer.findCube(fork.id()).orElseThrow().key();
        copyItems(cube, made, fork);
        copyVersions(cube, made, fork);
        clearLostSuccessors(made);
        sql.update(
                "INSERT INTO succession (cube_id, item_id, successor, reason, since)"
                        + " SELECT cube_id, item_id, successor, successor_reason, successor_since FROM item_version"
                        + " WHERE cube_id = ? AND successor IS NOT NULL",
                made);
        copyBesides(cube, made);
        sql.update(
                "UPDATE cube SET (seq, ordinal) = (SELECT count(*), count(*) FROM item WHERE cube_id = ?)"
                        + " WHERE key = ?",
                made,
                made);
        return writer.findCube(made).orElseThrow();
    }

    private void copyItems(CubeKey cube, CubeKey made, ForkRequest fork) {
        sql.update(
                "INSERT INTO item (cube_id, item_id, ordinal, seq, version, type, state, session, role, speaker,"
                        + " occurred_at, recorded_at, updated_at, fingerprint, zone)"
                        + " SELECT ?, i.item_id, row_number() OVER (ORDER BY i.ordinal),"
                        + " row_number() OVER (ORDER BY i.ordinal), 1, i.type, v.state, i.session, i.role, i.speaker,"
                        + " i.occurred_at, ?, ?, i.fingerprint, i.zone FROM" + AT + "WHERE i.cube_id = ?",
                made,
                fork.now(),
                fork.now(),
                fork.at(),
                fork.at(),
                cube);
    }

    private void copyVersions(CubeKey cube, CubeKey made, ForkRequest fork) {
        sql.update(
                "INSERT INTO item_version (cube_id, item_id, version, text, title, tags, metadata, state, valid_from,"
                        + " valid_to,"
                        + " recorded_at, cause, actor, expires_at, standing, principal, suspicion,"
                        + " sensitivity, labeled, successor, successor_reason, successor_since)"
                        + " SELECT ?, i.item_id, 1, v.text, v.title, v.tags, v.metadata, v.state, v.valid_from,"
                        + " v.valid_to,"
                        + " ?, ?, ?, v.expires_at, v.standing, iif(v.principal = '', ?, v.principal), v.suspicion,"
                        + " v.sensitivity, v.labeled, v.successor, v.successor_reason, v.successor_since FROM"
                        + AT
                        + "WHERE i.cube_id = ?",
                made,
                fork.now(),
                fork.cause(),
                writer.actor(),
                fork.principal(),
                fork.at(),
                fork.at(),
                cube);
    }

    private void clearLostSuccessors(CubeKey made) {
        sql.update(
                "UPDATE item_version AS v SET successor = NULL, successor_reason = NULL, successor_since = NULL,"
                        + " state = iif(state IN ('activated', 'frozen', 'generated'), state,"
                        + " iif(suspicion = '', 'activated', 'generated')), valid_to"
                        + " = NULL"
                        + " WHERE cube_id = ? AND successor IS NOT NULL AND NOT EXISTS"
                        + " (SELECT 1 FROM item n WHERE n.cube_id = v.cube_id AND n.item_id = v.successor)",
                made);
        sql.update(
                "UPDATE item AS i SET state = v.state FROM item_version v WHERE v.cube_id = i.cube_id"
                        + " AND v.item_id = i.item_id AND v.state <> i.state AND i.cube_id = ?",
                made);
    }

    private void copyBesides(CubeKey cube, CubeKey made) {
        sql.update(
                "INSERT INTO link (cube_id, item_id, position, kind, source_id, start_at, end_at)"
                        + " SELECT n.cube_id, l.item_id, l.position, l.kind, l.source_id, l.start_at, l.end_at"
                        + " FROM item n CROSS JOIN link l ON l.item_id = n.item_id WHERE n.cube_id = ?"
                        + " AND l.cube_id = ?",
                made,
                cube);
        sql.update(
                "INSERT INTO passage (cube_id, item_id, number, start_at, end_at, state, vector)"
                        + " SELECT t.made, p.item_id,"
                        + " p.number, p.start_at, p.end_at, p.state, p.vector"
                        + " FROM (SELECT n.cube_id AS made, i.cube_id, i.item_id FROM"
                        + BOTH + SAME_TEXT
                        + ") t CROSS JOIN passage p ON p.cube_id = t.cube_id AND p.item_id = t.item_id",
                made,
                cube);
        sql.update(
                "INSERT INTO claim (cube_id, item_id, key, value) SELECT t.made, c.item_id, c.key, c.value"
                        + " FROM (SELECT n.cube_id AS made, i.cube_id, i.item_id FROM" + BOTH + SAME_TEXT
                        + ") t CROSS JOIN claim c ON c.cube_id = t.cube_id AND c.item_id = t.item_id",
                made,
                cube);
        sql.update(
                "INSERT INTO rating (cube_id, item_id, score) SELECT n.cube_id, r.item_id, r.score FROM item n"
                        + " CROSS JOIN rating r ON r.item_id = n.item_id WHERE n.cube_id = ? AND r.cube_id = ?",
                made,
                cube);
        sql.update(
                "INSERT INTO mark (cube_id, kind, ordinal) SELECT ?, m.kind, (SELECT count(*) FROM" + BOTH
                        + "AND i.ordinal <= m.ordinal) FROM mark m WHERE m.cube_id = ?",
                made,
                made,
                cube,
                cube);
        sql.update("INSERT INTO policy (cube_id, policy) SELECT ?, policy FROM policy WHERE cube_id = ?", made, cube);
    }

    @Override
    public List<InsertedItem> itemsWithoutPassages(CubeKey cube, long after, int limit) {
        CubeId name = name(cube);
        return sql.query(
                row -> RowMappers.inserted(name, row),
                "SELECT " + RowMappers.ITEM + ", i.ordinal FROM" + RowMappers.CURRENT
                        + "WHERE i.cube_id = ? AND i.ordinal > ?"
                        + " AND NOT EXISTS (SELECT 1 FROM passage p WHERE p.cube_id = i.cube_id"
                        + " AND p.item_id = i.item_id)"
                        + " ORDER BY i.ordinal LIMIT ?",
                cube,
                after,
                limit);
    }

    @Override
    public void storePassages(CubeKey cube, StoredItem item) {
        writer.insertPassages(cube, item);
    }
}
