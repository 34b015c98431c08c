package io.memos4j.vault.sqlite;

import io.memos4j.api.tasks.TaskKind;
import io.memos4j.spi.CubeRow;
import java.util.List;

/**
 * Erasures whose bytes may still be on the disk, because nothing was compacted since. Their number is committed with
 * them, so that a restart does not forget it: as the mark of compaction of the cube 0, which no cube has.
 */
final class PendingErasures {
    private static final String WHERE = " WHERE cube_id = 0 AND kind = '" + TaskKind.COMPACT.id() + "'";

    private final SqlConnection sql;

    PendingErasures(SqlConnection sql) {
        this.sql = sql;
    }

    long count() {
        return sql.number("SELECT ordinal FROM mark" + WHERE);
    }

    void add() {
        sql.update("INSERT INTO mark (cube_id, kind, ordinal) VALUES (0, '" + TaskKind.COMPACT.id() + "', 1)"
                + " ON CONFLICT (cube_id, kind) DO UPDATE SET ordinal = ordinal + 1");
    }

    /** Takes off those that a compaction has seen. */
    void subtract(long compacted) {
        sql.update("UPDATE mark SET ordinal = ordinal - ?" + WHERE, compacted);
    }

    /** Returns the cubes with items that were erased after the cube's mark of compaction. */
    List<CubeRow> cubes() {
        return sql.query(
                RowMappers::cube,
                RowMappers.CUBE + "c WHERE (SELECT max(t.seq) FROM tombstone t WHERE t.cube_id = c.key)"
                        + " > COALESCE((SELECT m.ordinal FROM mark m WHERE m.cube_id = c.key AND m.kind = ?), 0)"
                        + " ORDER BY key",
                TaskKind.COMPACT.id());
    }
}
