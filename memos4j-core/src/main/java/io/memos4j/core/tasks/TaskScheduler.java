package io.memos4j.core.tasks;

import io.memos4j.api.Actor;
import io.memos4j.api.MemoryException;
import io.memos4j.api.tasks.Task;
import io.memos4j.api.tasks.TaskId;
import io.memos4j.api.tasks.TaskKind;
import io.memos4j.api.tasks.TaskKind.Lane;
import io.memos4j.api.tasks.TaskQuery;
import io.memos4j.api.tasks.TaskRequest;
import io.memos4j.api.tasks.TaskState;
import io.memos4j.core.clock.IdGenerator;
import io.memos4j.core.tasks.LeasedRun.RunContext;
import io.memos4j.spi.CubeRow;
import io.memos4j.spi.tasks.LeaseRequest;
import io.memos4j.spi.tasks.TaskLease;
import io.memos4j.spi.tasks.TaskReader;
import io.memos4j.spi.tasks.TaskWriter;
import io.memos4j.spi.vault.Vault;
import io.memos4j.spi.vault.VaultWriter;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Executor;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Leases tasks from the vault's queue and runs them. Thread-safe.
 *
 * <p>The queue is in the vault: a task is enqueued in the transaction that causes it and ends in the transaction that
 * holds its effect. A lease is extended while its task runs. If it is not, because the process is gone or was stopped
 * for long, another worker takes the task over, and the fence keeps the former one from committing. A task may
 * therefore start more than once, but takes effect once.
 *
 * <p>A lane has a fixed number of slots, and a cube at most one of them, so that cubes take turns and the tasks of a
 * cube keep their order in a lane. A failed task is put back with a growing pause while others go first; after its last
 * attempt it stays as dead, with the reason.
 *
 * <p>{@link #runDueTasks} does everything that is due; {@link SchedulerThread} calls it whenever something may be.
 */
public final class TaskScheduler {
    private static final Logger LOG = LoggerFactory.getLogger(TaskScheduler.class);
    private static final Duration LEASE = Duration.ofSeconds(30);
    private static final Duration EXTEND_EVERY = Duration.ofSeconds(10);

    /** The longest run; a longer one counts as stuck, and its task goes to another run. */
    private static final Duration LONGEST_RUN = Duration.ofMinutes(30);

    private final Vault vault;
    private final Map<TaskKind, TaskHandler> handlers;
    private final InstantSource clock;
    private final IdGenerator ids;
    private final int maxAttempts;
    private final Executor executor;
    private final ChangeSignal changeSignal;
    private final RunFailureHandler failures;
    private final String owner;
    private final Map<Lane, LaneSlots> lanes = new EnumMap<>(Lane.class);
    private final RunContext context = new RunContext() {
        @Override
        public boolean closing() {
            return closing;
        }

        @Override
        public void changed(VaultWriter writer, TaskLease lease) {
            enqueueEmbedding(writer, lease);
        }
    };
    private volatile Instant leasesExtendedAt = Instant.EPOCH;
    private volatile Optional<Instant> next = Optional.empty();
    private volatile boolean closing;

    TaskScheduler(SchedulerBuilder options) {
        this.vault = options.vault;
        this.handlers = Map.copyOf(options.handlers);
        this.clock = options.clock;
        this.ids = options.ids;
        this.maxAttempts = options.retry.attempts();
        this.failures = new RunFailureHandler(options.retry, options.random, options.clock);
        this.executor = options.executor;
        this.changeSignal = options.changed;
        this.owner = "engine-" + ids.next();
        for (Lane lane : Lane.values()) {
            lanes.put(lane, new LaneSlots(options.slots.getOrDefault(lane, 1)));
        }
    }

    /**
     * Starts to build a scheduler.
     *
     * @param handlers by the kind of task that they run; tasks of other kinds wait for an engine that has a handler
     */
    public static SchedulerBuilder builder(Vault vault, Map<TaskKind, TaskHandler> handlers) {
        return new SchedulerBuilder(vault, handlers);
    }

    /**
     * Reclaims the tasks that a former engine on the same vault has left running. Only for vaults that one engine uses
     * at a time.
     */
    public void reclaimAbandoned() {
        int left = vault.write(writer -> writer.tasks().reclaim(owner, now()));
        if (left > 0) {
            LOG.info("{} tasks that the former process left running will run again", left);
        }
    }

    /** Returns whether there is a handler for a kind of task. */
    public boolean handles(TaskKind kind) {
        return handlers.containsKey(kind);
    }

    public TaskId newId() {
        return ids.nextTaskId();
    }

    /** Returns the signal that fires whenever a task may have become ready, or has ended. */
    public ChangeSignal changeSignal() {
        return changeSignal;
    }

    private Instant now() {
        return clock.instant();
    }

    private LaneSlots lane(Lane lane) {
        return Optional.ofNullable(lanes.get(lane)).orElseThrow();
    }

    /**
     * Extends the leases of running tasks, then starts the tasks that are ready and fit into the free slots.
     *
     * @return the number of tasks started
     */
    public int runDueTasks() {
        Instant now = now();
        extendLeases(now);
        next = vault.read(reader -> reader.tasks().nextEvent());
        if (next.filter(at -> !at.isAfter(now)).isPresent()) {
            next = vault.write(writer -> {
                writer.tasks().reclaim("", now);
                writer.tasks().releaseDue(now);
                return writer.tasks().nextEvent();
            });
        }
        int started = 0;
        for (Lane lane : Lane.values()) {
            List<TaskLease> leases = closing ? List.of() : lease(lane, now);
            begin(lane(lane), leases.stream().map(lease -> newRun(lease, now)).toList());
            started += leases.size();
        }
        return started;
    }

    /** Hands runs to the executor; those that it rejects give back their slots and their tasks. */
    private void begin(LaneSlots slots, List<LeasedRun> runs) {
        int taken = 0;
        try {
            for (LeasedRun run : runs) {
                executor.execute(() -> run(slots.begin(run)));
                taken++;
            }
        } finally {
            List<LeasedRun> refused = runs.subList(taken, runs.size());
            refused.forEach(run -> slots.release(run.lease().cube()));
            refused.forEach(failures::putBack);
        }
    }

    /**
     * Returns the time at which the next task becomes due or the next lease ends, as of the last call of
     * {@link #runDueTasks}.
     */
    Optional<Instant> nextEvent() {
        return next;
    }

    private List<TaskLease> lease(Lane lane, Instant now) {
        Set<TaskKind> kinds = kinds(lane);
        LaneSlots slots = lane(lane);
        if (kinds.isEmpty()
                || slots.free() == 0
                || !vault.read(reader -> reader.tasks().hasReady(lane))) {
            return List.of();
        }
        LeaseRequest request = request(kinds, now);
        SlotReservation reservation = new SlotReservation(slots);
        try {
            return vault.write(writer -> reservation.fill(turn -> writer.tasks().lease(request, turn)));
        } catch (RuntimeException | Error e) {
            reservation.release();
            throw e;
        }
    }

    private LeaseRequest request(Set<TaskKind> kinds, Instant now) {
        return new LeaseRequest(owner, now, now.plus(LEASE), kinds, maxAttempts);
    }

    private Set<TaskKind> kinds(Lane lane) {
        return handlers.keySet().stream().filter(kind -> kind.lane() == lane).collect(Collectors.toUnmodifiableSet());
    }

    private LeasedRun newRun(TaskLease lease, Instant now) {
        return new LeasedRun(vault, lease, now, context);
    }

    /**
     * Runs a task in the caller's thread, once its lane is free for the cube.
     *
     * @throws MemoryException as {@code work} does; the task is then retried in the background, or dead
     */
    public <T> T runInline(CubeRow cube, TaskRequest request, Function<TaskRun, T> work) {
        LaneSlots slots = lane(request.kind().lane());
        slots.reserve(cube.key());
        Instant now = now();
        LeaseRequest asked = request(Set.of(request.kind()), now);
        LeasedRun run;
        try {
            TaskId fresh = newId();
            run = newRun(
                    vault.write(writer -> {
                        TaskId id = findWaiting(writer.tasks(), cube, request)
                                .or(() -> replayDead(writer.tasks(), cube, request, now))
                                .orElseGet(() -> writer.tasks().enqueue(cube.key(), request, fresh, now));
                        return writer.tasks().lease(asked, id).orElseThrow();
                    }),
                    now);
        } catch (RuntimeException | Error e) {
            slots.release(cube.key());
            throw e;
        }
        slots.begin(run);
        try {
            T result = work.apply(run);
            end(run, TaskOutcome.done(""), writer -> {});
            return result;
        } catch (RuntimeException | Error e) {
            failures.handle(run, e);
            throw e;
        } finally {
            slots.end(run);
            changeSignal.fire();
        }
    }

    /** Finds the waiting task with the most attempts, whose failures count. */
    private static Optional<TaskId> findWaiting(TaskReader tasks, CubeRow cube, TaskRequest request) {
        TaskQuery query = TaskQuery.ALL.of(cube.id()).kind(request.kind()).in(TaskState.SCHEDULED, TaskState.READY);
        return tasks.list(query).stream()
                .filter(task -> task.subject().equals(request.subject()))
                .max(Comparator.comparing(Task::attempts))
                .map(Task::id);
    }

    /** Replays the dead task about the same subject, so that it does not stay behind when this one is done. */
    private static Optional<TaskId> replayDead(TaskWriter tasks, CubeRow cube, TaskRequest request, Instant now) {
        TaskQuery query = TaskQuery.ALL.of(cube.id()).kind(request.kind()).in(TaskState.DEAD);
        return request.subject().isEmpty()
                ? Optional.empty()
                : tasks.list(query.limit(TaskQuery.MAX_LIMIT)).stream()
                        .filter(task -> task.subject().equals(request.subject()))
                        .findFirst()
                        .map(task -> tasks.replay(task.id(), now));
    }

    private void run(LeasedRun first) {
        Optional<LeasedRun> run = Optional.of(first);
        while (run.isPresent()) {
            run = runOne(run.get());
        }
    }

    /**
     * Runs a task and returns the run that follows it in its slot. The next lease is taken in the transaction that ends
     * the task.
     */
    private Optional<LeasedRun> runOne(LeasedRun run) {
        Lane lane = run.task().kind().lane();
        SlotReservation next = new SlotReservation(lane(lane));
        try {
            TaskHandler handler =
                    Optional.ofNullable(handlers.get(run.task().kind())).orElseThrow();
            end(run, handler.run(run), writer -> leaseNext(run, writer, next));
        } catch (RuntimeException | Error e) {
            next.release();
            failures.handle(run, e);
        } finally {
            lane(lane).end(run);
            changeSignal.fire();
        }
        return next.lease().map(lease -> lane(lane).begin(newRun(lease, now())));
    }

    private void leaseNext(LeasedRun run, VaultWriter writer, SlotReservation next) {
        if (!closing) {
            LeaseRequest request = request(kinds(run.task().kind().lane()), now());
            next.fillSlotOf(run, turn -> writer.tasks().lease(request, turn));
        }
    }

    private void end(LeasedRun run, TaskOutcome outcome, Consumer<VaultWriter> then) {
        TaskLease lease = run.lease();
        run.finish(writer -> {
            Instant now = now();
            switch (outcome) {
                case TaskOutcome.Done done -> {
                    done.effect().accept(writer);
                    writer.tasks().end(lease, TaskState.DONE, done.note(), now);
                }
                case TaskOutcome.More more -> writer.tasks().postpone(lease, now, 0, more.note(), now);
                case TaskOutcome.Wait wait -> writer.tasks().postpone(lease, wait.due(), 0, wait.note(), now);
            }
            then.accept(writer);
            return true;
        });
    }

    /** Enqueues the embedding of what a task wrote, so that tasks need not do so themselves. */
    private void enqueueEmbedding(VaultWriter writer, TaskLease lease) {
        boolean embeds = lease.task().kind() == TaskKind.EMBED;
        if (!embeds && handles(TaskKind.EMBED) && writer.hasPending(lease.cube())) {
            TaskRequest request = TaskRequest.of(TaskKind.EMBED)
                    .because(Actor.of(lease.task()).stored());
            writer.tasks().enqueue(lease.cube(), request, newId(), now());
        }
    }

    /** Extends the leases of running tasks and frees the slots of stuck ones. */
    private void extendLeases(Instant now) {
        if (Duration.between(leasesExtendedAt, now).abs().compareTo(EXTEND_EVERY) < 0) {
            return;
        }
        leasesExtendedAt = now;
        List<LeasedRun> running = new ArrayList<>();
        lanes.values().forEach(slots -> running.addAll(slots.running()));
        List<LeasedRun> stuck = running.stream()
                .filter(run -> run.since().plus(LONGEST_RUN).isBefore(now))
                .toList();
        for (LeasedRun run : stuck) {
            LOG.warn(
                    "Task {} {} is stuck; another run takes it over",
                    run.task().kind().id(),
                    run.task().id());
            stop(run);
        }
        running.removeAll(stuck);
        List<TaskLease> leases = running.stream().map(LeasedRun::lease).toList();
        if (!leases.isEmpty()) {
            Set<TaskLease> lost =
                    Set.copyOf(vault.write(writer -> writer.tasks().extend(leases, now.plus(LEASE))));
            running.stream().filter(run -> lost.contains(run.lease())).forEach(this::stop);
        }
    }

    private void stop(LeasedRun run) {
        run.revoke();
        lane(run.task().kind().lane()).end(run);
    }

    /** Stops the run of a task that was cancelled. */
    public void revoke(TaskId id) {
        lanes.values().stream()
                .flatMap(slots -> slots.running().stream())
                .filter(run -> run.task().id().equals(id))
                .forEach(LeasedRun::revoke);
    }

    /** Starts no more tasks, asks running ones to stop, and interrupts those that wait for something outside. */
    void stop() {
        closing = true;
        lanes.values().forEach(slots -> slots.running().forEach(LeasedRun::interrupt));
    }
}
