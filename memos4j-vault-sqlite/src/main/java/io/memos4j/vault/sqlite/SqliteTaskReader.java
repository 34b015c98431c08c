package io.memos4j.vault.sqlite;

import io.memos4j.api.CubeId;
import io.memos4j.api.tasks.Task;
import io.memos4j.api.tasks.TaskId;
import io.memos4j.api.tasks.TaskKind;
import io.memos4j.api.tasks.TaskQuery;
import io.memos4j.api.tasks.TaskState;
import io.memos4j.spi.CubeKey;
import io.memos4j.spi.tasks.TaskReader;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The queue of background tasks as it is in SQLite.
 *
 * <p>A task is {@code scheduled} until its time has come, so that the ready ones can be found cube by cube, by skipping
 * from one to the next in their index: what many idle cubes have planned for later costs nothing.
 */
class SqliteTaskReader implements TaskReader {
    /** Stands in the column of a cube for all of them; no cube has this key. */
    static final long ALL_CUBES = 0;

    static final String COLUMNS =
            "t.task_id, c.name, t.kind, t.subject, t.state, t.priority, t.due_at, t.deadline_at, t.attempts, t.done,"
                    + " t.total,"
                    + " t.note, t.cause, t.created_at, t.changed_at, t.cube_id, t.fence";

    static final String FROM = " FROM task t JOIN cube c ON c.key = t.cube_id ";

    /** The next cube with ready tasks, behind a given one. */
    static final String NEXT_CUBE =
            "SELECT min(cube_id) FROM task INDEXED BY task_ready WHERE state = 'ready' AND lane = ? AND cube_id > ?";

    final SqlConnection sql;

    SqliteTaskReader(SqlConnection sql) {
        this.sql = sql;
    }

    static Task task(ResultSet row) throws SQLException {
        return new Task(
                StoredIds.task(row.getBytes(1)),
                CubeId.of(row.getString(2)),
                TaskKind.parse(row.getString(3)),
                row.getString(4),
                TaskState.parse(row.getString(5)),
                row.getInt(6),
                RowMappers.instant(row, 7),
                RowMappers.optionalInstant(row, 8),
                row.getInt(9),
                row.getLong(10),
                row.getLong(11),
                row.getString(12),
                row.getString(13),
                RowMappers.instant(row, 14),
                RowMappers.instant(row, 15));
    }

    @Override
    public Optional<Task> find(TaskId id) {
        return sql.first(SqliteTasks::task, "SELECT " + COLUMNS + FROM + "WHERE t.task_id = ?", id);
    }

    @Override
    public List<Task> list(TaskQuery query) {
        List<Object> values = new ArrayList<>();
        values.add(SqliteJson.of(query.states().stream().map(TaskState::id).toList()));
        values.add(SqliteJson.of(query.kinds().stream().map(TaskKind::id).toList()));
        String ofCube = query.cube().isPresent() ? " AND c.name = ?" : "";
        query.cube().ifPresent(cube -> values.add(cube.value()));
        values.add(query.limit());
        return sql.query(
                SqliteTasks::task,
                "SELECT " + COLUMNS + FROM + "WHERE t.state IN (SELECT value FROM json_each(?)) AND t.kind IN"
                        + " (SELECT value FROM json_each(?))" + ofCube + " ORDER BY t.task_id DESC LIMIT ?",
                values.toArray());
    }

    @Override
    public Map<TaskState, Long> count(CubeKey cube) {
        return count(cube.value());
    }

    @Override
    public Map<TaskState, Long> countAll() {
        return count(ALL_CUBES);
    }

    private Map<TaskState, Long> count(long scope) {
        return sql.map(
                row -> TaskState.parse(row.getString(1)),
                row -> row.getLong(2),
                "SELECT state, count(*) FROM task WHERE ? IN (0, cube_id) GROUP BY state",
                scope);
    }

    @Override
    public Optional<Instant> oldestReady(CubeKey cube) {
        return oldestReady(cube.value());
    }

    @Override
    public Optional<Instant> oldestReady() {
        return oldestReady(ALL_CUBES);
    }

    private Optional<Instant> oldestReady(long scope) {
        return instant("SELECT min(changed_at) FROM task WHERE state = 'ready' AND ? IN (0, cube_id)", scope);
    }

    @Override
    public boolean hasReady(TaskKind.Lane lane) {
        return sql.number(NEXT_CUBE, lane.id(), 0L) > 0;
    }

    @Override
    public Optional<Instant> nextEvent() {
        return instant("SELECT min(at) FROM (SELECT min(due_at) AS at FROM task WHERE state = 'scheduled'"
                + " UNION ALL SELECT min(lease_until) FROM task WHERE state = 'running')");
    }

    private Optional<Instant> instant(String query, Object... values) {
        return sql.query(row -> RowMappers.optionalInstant(row, 1), query, values)
                .getFirst();
    }

    @Override
    public boolean isPaused(CubeKey cube) {
        return paused(cube.value());
    }

    @Override
    public boolean allPaused() {
        return paused(ALL_CUBES);
    }

    private boolean paused(long scope) {
        return sql.number("SELECT EXISTS (SELECT 1 FROM paused WHERE cube_id = ?)", scope) > 0;
    }
}
