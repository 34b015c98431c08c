package io.memos4j.vault.sqlite;

import io.memos4j.api.ErrorCode;
import io.memos4j.api.MemoryException;
import io.memos4j.api.tasks.Task;
import io.memos4j.api.tasks.TaskId;
import io.memos4j.api.tasks.TaskKind;
import io.memos4j.api.tasks.TaskRequest;
import io.memos4j.api.tasks.TaskState;
import io.memos4j.spi.CubeKey;
import io.memos4j.spi.tasks.LeaseRequest;
import io.memos4j.spi.tasks.TaskLease;
import io.memos4j.spi.tasks.TaskWriter;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** Changes of the queue of background tasks in SQLite. */
final class SqliteTasks extends SqliteTaskReader implements TaskWriter {
    SqliteTasks(SqlConnection sql) {
        super(sql);
    }

    private static TaskLease leased(ResultSet row) throws SQLException {
        return new TaskLease(RowMappers.cubeKey(row, 16), task(row), row.getLong(17));
    }

    @Override
    public TaskId enqueue(CubeKey cube, TaskRequest request, TaskId fresh, Instant now) {
        Instant due = request.due().filter(now::isBefore).orElse(now);
        String state = due.isAfter(now) ? TaskState.SCHEDULED.id() : TaskState.READY.id();
        return sql.first(
                        row -> StoredIds.task(row.getBytes(1)),
                        "INSERT INTO task (cube_id, task_id, kind, subject, lane, state, priority, due_at,"
                                + " deadline_at, cause,"
                                + " created_at, changed_at) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)"
                                + " ON CONFLICT (cube_id, kind, subject) WHERE state IN ('scheduled', 'ready')"
                                + " AND attempts = 0 DO UPDATE SET"
                                + " priority = max(priority, excluded.priority), due_at = min(due_at, excluded.due_at),"
                                + " state = iif('ready' IN (state, excluded.state), 'ready', 'scheduled'),"
                                + " changed_at = iif(state <> 'ready' AND excluded.state = 'ready',"
                                + " excluded.changed_at, changed_at),"
                                + " deadline_at = CASE WHEN deadline_at IS NULL OR excluded.deadline_at IS NULL THEN"
                                + " NULL"
                                + " ELSE max(deadline_at, excluded.deadline_at) END RETURNING task_id",
                        cube,
                        fresh,
                        request.kind().id(),
                        request.subject(),
                        request.kind().lane().id(),
                        state,
                        request.priority(),
                        due,
                        request.deadline().orElse(null),
                        request.cause(),
                        now,
                        now)
                .orElseThrow();
    }

    @Override
    public int releaseDue(Instant now) {
        return sql.update(
                "UPDATE task SET state = 'ready', changed_at = ? WHERE state = 'scheduled' AND due_at <= ?", now, now);
    }

    @Override
    public int expedite(Collection<TaskId> ids, Instant now) {
        int hurried = 0;
        for (TaskId id : ids) {
            hurried += sql.update(
                    "UPDATE task SET state = 'ready', due_at = ?, changed_at = ? WHERE task_id = ?"
                            + " AND state = 'scheduled'",
                    now,
                    now,
                    id);
        }
        return hurried;
    }

    @Override
    public int reclaim(String owner, Instant now) {
        return sql.update(
                "UPDATE task SET state = 'ready', owner = '', lease_until = NULL, note = 'its worker was lost',"
                        + " changed_at = ?"
                        + " WHERE state = 'running' AND iif(? <> '', owner <> ?, lease_until < ?)",
                now,
                owner,
                owner,
                now);
    }

    @Override
    public List<TaskLease> lease(LeaseRequest request, RoundRobin turn) {
        List<TaskLease> leases = new ArrayList<>();
        if (allPaused()) {
            return leases;
        }
        long after = turn.after().map(CubeKey::value).orElse(0L);
        long last = after;
        boolean wrapped = last == 0;
        while (leases.size() < turn.limit()) {
            long next = sql.number(NEXT_CUBE, request.lane().id(), last);
            if (next != 0 && !(wrapped && after > 0 && next > after)) {
                last = next;
                CubeKey cube = CubeKey.of(next);
                if (!turn.busy().contains(cube) && !isPaused(cube)) {
                    first(request, cube).ifPresent(leases::add);
                }
            } else if (wrapped) {
                break;
            } else {
                wrapped = true;
                last = 0;
            }
        }
        return leases;
    }

    /** Leases the first task of a cube; ends those before it that have no chance left. */
    private Optional<TaskLease> first(LeaseRequest request, CubeKey cube) {
        while (true) {
            Optional<TaskLease> ready = sql.first(
                    SqliteTasks::leased,
                    "SELECT " + COLUMNS + " FROM task t INDEXED BY task_ready JOIN cube c ON c.key = t.cube_id"
                            + " WHERE t.state = 'ready' AND t.lane = ? AND t.cube_id = ?"
                            + " AND t.kind IN (SELECT value FROM json_each(?)) ORDER BY t.priority DESC, t.task_id"
                            + " LIMIT 1",
                    request.lane().id(),
                    cube,
                    SqliteJson.of(request.kinds().stream().map(TaskKind::id).toList()));
            if (ready.isEmpty()) {
                return ready;
            }
            Optional<String> hopeless = findReasonToGiveUp(ready.get().task(), request);
            if (hopeless.isEmpty()) {
                return Optional.of(leased(request, ready.get()));
            }
            sql.update(
                    "UPDATE task SET state = 'dead', note = ?, changed_at = ? WHERE cube_id = ? AND task_id = ?",
                    hopeless.get(),
                    request.now(),
                    cube,
                    ready.get().task().id());
        }
    }

    @Override
    public Optional<TaskLease> lease(LeaseRequest request, TaskId id) {
        return sql.first(
                        SqliteTasks::leased,
                        "SELECT " + COLUMNS + FROM + "WHERE t.task_id = ? AND t.state IN ('scheduled', 'ready')",
                        id)
                .map(waiting -> leased(request, waiting));
    }

    private TaskLease leased(LeaseRequest request, TaskLease waiting) {
        TaskId id = waiting.task().id();
        sql.update(
                "UPDATE task SET state = 'running', attempts = attempts + 1, fence = fence + 1, owner = ?,"
                        + " lease_until = ?, changed_at = ? WHERE cube_id = ? AND task_id = ?",
                request.owner(),
                request.until(),
                request.now(),
                waiting.cube(),
                id);
        return sql.first(
                        SqliteTasks::leased,
                        "SELECT " + COLUMNS + FROM + "WHERE t.cube_id = ? AND t.task_id = ?",
                        waiting.cube(),
                        id)
                .orElseThrow();
    }

    private static Optional<String> findReasonToGiveUp(Task task, LeaseRequest request) {
        if (task.deadline().filter(request.now()::isAfter).isPresent()) {
            return Optional.of("its deadline passed before it could run");
        }
        return task.attempts() >= request.attempts()
                ? Optional.of("begun " + task.attempts() + " times and never ended; last: " + task.note())
                : Optional.empty();
    }

    @Override
    public List<TaskLease> extend(Collection<TaskLease> leases, Instant until) {
        return leases.stream()
                .filter(lease -> updateLeased(lease, "lease_until = ?", until) == 0)
                .toList();
    }

    @Override
    public void recordProgress(TaskLease lease, long done, long total) {
        check(lease, updateLeased(lease, "done = ?, total = ?", done, total));
    }

    @Override
    public void end(TaskLease lease, TaskState state, String note, Instant now) {
        check(
                lease,
                updateLeased(lease, "state = ?, note = ?, lease_until = NULL, changed_at = ?", state.id(), note, now));
    }

    @Override
    public void postpone(TaskLease lease, Instant due, int attempts, String note, Instant now) {
        if (attempts == 0 && joinWaiting(lease, due, now)) {
            end(lease, TaskState.DONE, note, now);
            return;
        }
        String state = due.isAfter(now) ? TaskState.SCHEDULED.id() : TaskState.READY.id();
        check(
                lease,
                updateLeased(
                        lease,
                        "state = ?, due_at = ?, attempts = ?, note = ?, owner = '', lease_until = NULL, changed_at = ?",
                        state,
                        due,
                        attempts,
                        note,
                        now));
    }

    /** Joins a waiting task of the same cube, kind and subject. */
    private boolean joinWaiting(TaskLease lease, Instant due, Instant now) {
        return sql.update(
                        "UPDATE task SET due_at = min(due_at, ?), state = iif(min(due_at, ?) <= ?, 'ready', state)"
                                + " WHERE cube_id = ? AND kind = ? AND subject = ? AND state IN ('scheduled',"
                                + " 'ready') AND attempts = 0",
                        due,
                        due,
                        now,
                        lease.cube(),
                        lease.task().kind().id(),
                        lease.task().subject())
                > 0;
    }

    /** Updates a running task if the lease is its last one; returns the number of rows. */
    private int updateLeased(TaskLease lease, String change, Object... values) {
        List<Object> all = new ArrayList<>(List.of(values));
        all.addAll(List.of(lease.cube(), lease.task().id(), lease.fence()));
        return sql.update(
                "UPDATE task SET " + change + " WHERE cube_id = ? AND task_id = ? AND fence = ? AND state = 'running'",
                all.toArray());
    }

    private static void check(TaskLease lease, int rows) {
        if (rows == 0) {
            throw new MemoryException(
                    ErrorCode.LEASE_LOST,
                    "Task " + lease.task().id() + " (" + lease.task().kind().id() + " of cube '"
                            + lease.task().cube() + "') was cancelled or taken over; nothing of this run is kept.");
        }
    }

    @Override
    public boolean cancel(TaskId id, Instant now) {
        return sql.update(
                        "UPDATE task SET state = 'cancelled', lease_until = NULL, changed_at = ? WHERE task_id = ?"
                                + " AND state IN ('scheduled', 'ready', 'running')",
                        now,
                        id)
                > 0;
    }

    @Override
    public TaskId replay(TaskId id, Instant now) {
        Optional<TaskId> twin = sql.first(
                row -> StoredIds.task(row.getBytes(1)),
                "SELECT w.task_id FROM task t JOIN task w ON w.cube_id = t.cube_id AND w.kind = t.kind"
                        + " AND w.subject = t.subject AND w.state IN ('scheduled', 'ready') AND w.attempts = 0"
                        + " WHERE t.task_id = ?",
                id);
        sql.update(
                "UPDATE task SET state = ?, attempts = 0, note = ?, due_at = ?, deadline_at = NULL, done = 0,"
                        + " changed_at = ?"
                        + " WHERE task_id = ?",
                twin.isPresent() ? TaskState.CANCELLED.id() : TaskState.READY.id(),
                twin.map(other -> "replayed as " + other).orElse("replayed"),
                now,
                now,
                id);
        return twin.orElse(id);
    }

    @Override
    public void pause(CubeKey cube) {
        pause(cube.value());
    }

    @Override
    public void pauseAll() {
        pause(ALL_CUBES);
    }

    private void pause(long scope) {
        sql.update("INSERT OR IGNORE INTO paused (cube_id) VALUES (?)", scope);
    }

    @Override
    public void resume(CubeKey cube) {
        resume(cube.value());
    }

    @Override
    public void resumeAll() {
        resume(ALL_CUBES);
    }

    private void resume(long scope) {
        sql.update("DELETE FROM paused WHERE cube_id = ?", scope);
    }

    @Override
    public int correctFuture(Instant future, Instant now) {
        int ready = sql.update(
                "UPDATE task SET state = 'ready', due_at = ?, changed_at = ?"
                        + " WHERE state = 'scheduled' AND changed_at > ?",
                now,
                now,
                future);
        sql.update("UPDATE task SET changed_at = ? WHERE changed_at > ?", now, future);
        return ready;
    }

    @Override
    public int deleteEnded(Set<TaskKind> kinds, Set<TaskState> states, Instant before) {
        return sql.update(
                "DELETE FROM task WHERE state IN (SELECT value FROM json_each(?))"
                        + " AND state IN ('done', 'dead', 'cancelled')"
                        + " AND kind IN (SELECT value FROM json_each(?)) AND changed_at < ?",
                SqliteJson.of(states.stream().map(TaskState::id).toList()),
                SqliteJson.of(kinds.stream().map(TaskKind::id).toList()),
                before);
    }
}
