package io.memos4j.core.tasks;

import io.memos4j.api.Actor;
import io.memos4j.api.CubeId;
import io.memos4j.api.ErrorCode;
import io.memos4j.api.MemoryException;
import io.memos4j.api.tasks.MemScheduler;
import io.memos4j.api.tasks.SchedulerStatus;
import io.memos4j.api.tasks.Task;
import io.memos4j.api.tasks.TaskId;
import io.memos4j.api.tasks.TaskKind;
import io.memos4j.api.tasks.TaskQuery;
import io.memos4j.api.tasks.TaskRequest;
import io.memos4j.api.tasks.TaskState;
import io.memos4j.spi.CubeKey;
import io.memos4j.spi.CubeRow;
import io.memos4j.spi.tasks.TaskReader;
import io.memos4j.spi.vault.ModelSpending;
import io.memos4j.spi.vault.Vault;
import io.memos4j.spi.vault.VaultReader;
import io.memos4j.spi.vault.VaultWriter;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import java.util.function.Predicate;
import java.util.function.Supplier;
import java.util.stream.Collectors;

/** Submits, finds, waits for and pauses the background tasks of an engine. Thread-safe. */
public final class DefaultMemScheduler implements MemScheduler {
    private static final Duration POLL_INTERVAL = Duration.ofMillis(100);

    private final Vault vault;
    private final TaskScheduler scheduler;
    private final InstantSource clock;
    private final Supplier<Actor> actor;
    private final ChangeAudit audit;

    /** Does the work of a call that changes something, so that it is audited. */
    @FunctionalInterface
    public interface ChangeAudit {
        /**
         * Does the work.
         *
         * @param cube empty for a change of the engine
         */
        <T> T change(Optional<CubeId> cube, String operation, String target, Supplier<T> work);
    }

    /** @param actor supplies the actor of the current thread */
    public DefaultMemScheduler(
            Vault vault, TaskScheduler scheduler, InstantSource clock, Supplier<Actor> actor, ChangeAudit audit) {
        this.vault = vault;
        this.scheduler = scheduler;
        this.clock = clock;
        this.actor = actor;
        this.audit = audit;
    }

    @Override
    public Task submit(CubeId cube, TaskRequest request) {
        return audit.change(Optional.of(cube), "submit task", request.kind().id(), () -> enqueue(cube, request));
    }

    private Task enqueue(CubeId cube, TaskRequest request) {
        if (!scheduler.handles(request.kind())) {
            throw new MemoryException(
                    ErrorCode.INVALID_CONFIGURATION,
                    "This engine cannot run the task '" + request.kind().id()
                            + "': it needs an embedder, a language model, a promotion target or"
                            + " MemOsConfig.withTraining(…), which is not configured. To train adapters, start memos4j"
                            + " with --model FILE.gguf and --base DIR.");
        }
        TaskRequest named = request.cause().equals(Actor.USER.stored())
                ? request.because(actor.get().stored())
                : request;
        return vault.write(writer -> {
            TaskId id =
                    writer.tasks().enqueue(writer.requireCube(cube).key(), named, scheduler.newId(), clock.instant());
            return writer.tasks().find(id).orElseThrow();
        });
    }

    @Override
    public Optional<Task> find(TaskId id) {
        return vault.read(reader -> reader.tasks().find(id));
    }

    @Override
    public List<Task> list(TaskQuery query) {
        return vault.read(reader -> reader.tasks().list(query));
    }

    @Override
    public Task await(TaskId id, Duration timeout) {
        waitUntil(() -> requireTask(id).state().isTerminal(), timeout);
        return requireTask(id);
    }

    private Task requireTask(TaskId id) {
        return find(id).orElseThrow(() -> unknown(id));
    }

    private static MemoryException unknown(TaskId id) {
        return new MemoryException(
                ErrorCode.TASK_NOT_FOUND, "There is no task " + id + ". Tasks are removed a day after they end.");
    }

    @Override
    public boolean cancel(TaskId id) {
        boolean cancelled = changed(
                "cancel task", id, () -> vault.write(writer -> writer.tasks().cancel(id, clock.instant())));
        scheduler.revoke(id);
        return cancelled;
    }

    @Override
    public Task replay(TaskId id) {
        return changed(
                "replay task",
                id,
                () -> vault.write(writer -> {
                    Task ended = writer.tasks().find(id).orElseThrow(() -> unknown(id));
                    if (ended.state() != TaskState.DEAD && ended.state() != TaskState.CANCELLED) {
                        throw MemoryException.invalid("Task " + id + " is "
                                + ended.state().id() + "; only a dead or cancelled one can be replayed.");
                    }
                    return writer.tasks()
                            .find(writer.tasks().replay(id, clock.instant()))
                            .orElseThrow();
                }));
    }

    private <T> T changed(String operation, TaskId id, Supplier<T> work) {
        return audit.change(find(id).map(Task::cube), operation, id.toString(), work);
    }

    private void change(Optional<CubeId> cube, String operation, Consumer<VaultWriter> work) {
        audit.change(
                cube,
                operation,
                "tasks",
                () -> vault.write(writer -> {
                    work.accept(writer);
                    return true;
                }));
    }

    @Override
    public void pause(CubeId cube) {
        change(
                Optional.of(cube),
                "pause",
                writer -> writer.tasks().pause(writer.requireCube(cube).key()));
    }

    @Override
    public void resume(CubeId cube) {
        change(
                Optional.of(cube),
                "resume",
                writer -> writer.tasks().resume(writer.requireCube(cube).key()));
    }

    @Override
    public void pauseAll() {
        change(Optional.empty(), "pause all", writer -> writer.tasks().pauseAll());
    }

    @Override
    public void resumeAll() {
        change(Optional.empty(), "resume all", writer -> writer.tasks().resumeAll());
    }

    @Override
    public boolean maintain(CubeId cube, Duration timeout) {
        vault.read(reader -> reader.requireCube(cube));
        Set<TaskId> hurried = new HashSet<>();
        return waitUntil(() -> !advanceScheduled(cube, hurried) && idle(cube), timeout);
    }

    /** Runs the pending work of a kind of task in a cube at once; returns false if the timeout came first. */
    public boolean settle(CubeId cube, TaskKind kind, Predicate<VaultReader> done, Duration timeout) {
        return waitUntil(
                () -> {
                    boolean settled = vault.read(done::test);
                    if (!settled) {
                        makeReady(cube, kind);
                    }
                    return settled;
                },
                timeout);
    }

    /** Enqueues a task unless one is ready or running; one that waits for its next attempt becomes ready. */
    private void makeReady(CubeId cube, TaskKind kind) {
        List<Task> known =
                list(TaskQuery.ALL.of(cube).kind(kind).in(TaskState.SCHEDULED, TaskState.READY, TaskState.RUNNING));
        List<TaskId> waiting = known.stream()
                .filter(task -> task.state() == TaskState.SCHEDULED)
                .map(Task::id)
                .toList();
        if (known.isEmpty()) {
            enqueue(cube, TaskRequest.of(kind).because("wait"));
        } else if (waiting.size() == known.size()) {
            vault.change(writer -> writer.tasks().expedite(waiting, clock.instant()));
        }
    }

    /**
     * Makes each waiting task ready, once. Returns whether there was one, or a failed one waits for its next attempt.
     */
    private boolean advanceScheduled(CubeId cube, Set<TaskId> hurried) {
        List<Task> waiting = list(mine(cube, TaskState.SCHEDULED));
        List<TaskId> fresh = waiting.stream()
                .filter(task -> task.attempts() == 0 && hurried.add(task.id()))
                .map(Task::id)
                .toList();
        if (!fresh.isEmpty()) {
            vault.change(writer -> writer.tasks().expedite(fresh, clock.instant()));
        }
        return !fresh.isEmpty() || waiting.stream().anyMatch(task -> task.attempts() > 0);
    }

    private boolean idle(CubeId cube) {
        return list(mine(cube, TaskState.READY, TaskState.RUNNING).limit(1)).isEmpty();
    }

    /** Selects the tasks that this engine has handlers for; others wait for one that has. */
    private TaskQuery mine(CubeId cube, TaskState first, TaskState... more) {
        Set<TaskKind> kinds =
                Arrays.stream(TaskKind.values()).filter(scheduler::handles).collect(Collectors.toSet());
        return new TaskQuery(Optional.of(cube), EnumSet.of(first, more), kinds, TaskQuery.MAX_LIMIT);
    }

    private boolean waitUntil(BooleanSupplier condition, Duration timeout) {
        long end = System.nanoTime() + timeout.toNanos();
        while (true) {
            long seen = scheduler.changeSignal().count();
            if (condition.getAsBoolean()) {
                return true;
            }
            Duration left = Duration.ofNanos(end - System.nanoTime());
            if (!left.isPositive()) {
                return false;
            }
            try {
                scheduler.changeSignal().await(seen, left.compareTo(POLL_INTERVAL) < 0 ? left : POLL_INTERVAL);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw new MemoryException(ErrorCode.INTERRUPTED, "The wait was interrupted.", e);
            }
        }
    }

    @Override
    public SchedulerStatus status() {
        return vault.read(reader -> {
            long calls = 0;
            long tokens = 0;
            for (CubeRow cube : reader.cubes()) {
                ModelSpending spent = reader.spending(cube.key(), today());
                calls += spent.calls();
                tokens += spent.tokens();
            }
            TaskReader tasks = reader.tasks();
            return status(tasks.countAll(), tasks.oldestReady(), tasks.allPaused(), new Spent(calls, tokens));
        });
    }

    @Override
    public SchedulerStatus status(CubeId cube) {
        return vault.read(reader -> {
            CubeKey key = reader.requireCube(cube).key();
            TaskReader tasks = reader.tasks();
            ModelSpending spent = reader.spending(key, today());
            boolean paused = tasks.allPaused() || tasks.isPaused(key);
            return status(tasks.count(key), tasks.oldestReady(key), paused, new Spent(spent.calls(), spent.tokens()));
        });
    }

    private record Spent(long calls, long tokens) {}

    private SchedulerStatus status(
            Map<TaskState, Long> counts, Optional<Instant> oldestReady, boolean paused, Spent spent) {
        Duration oldest = oldestReady
                .map(since -> Duration.between(since, clock.instant()))
                .filter(Duration::isPositive)
                .orElse(Duration.ZERO);
        return new SchedulerStatus(counts, paused, oldest, spent.calls, spent.tokens);
    }

    private LocalDate today() {
        return clock.instant().atZone(ZoneOffset.UTC).toLocalDate();
    }
}
