package io.memos4j.bench.performance;

import io.memos4j.api.CubeId;
import io.memos4j.api.tasks.TaskId;
import io.memos4j.api.tasks.TaskKind;
import io.memos4j.api.tasks.TaskKind.Lane;
import io.memos4j.api.tasks.TaskRequest;
import io.memos4j.api.tasks.TaskState;
import io.memos4j.core.tasks.ChangeSignal;
import io.memos4j.core.tasks.NotifyingVault;
import io.memos4j.core.tasks.SchedulerThread;
import io.memos4j.core.tasks.TaskHandler;
import io.memos4j.core.tasks.TaskOutcome;
import io.memos4j.core.tasks.TaskRetryPolicy;
import io.memos4j.core.tasks.TaskScheduler;
import io.memos4j.spi.CubeKey;
import io.memos4j.spi.tasks.LeaseRequest;
import io.memos4j.spi.tasks.TaskLease;
import io.memos4j.spi.tasks.TaskWriter.RoundRobin;
import io.memos4j.spi.vault.Vault;
import io.memos4j.spi.vault.VaultProvider;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.ServiceLoader;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/** Measures how many empty tasks per second the scheduler leases, runs and ends, each durably. */
final class QueueBenchmark {
    private static final int CUBES = 64;
    private static final int TASKS = 20_000;
    private static final int TASKS_OF_ONE = 10_000;
    private static final int TASKS_NAIVE = 2_000;
    private static final TaskKind KIND = TaskKind.MERGE;
    private static final Duration LEASE = Duration.ofSeconds(30);

    /** The number of workers, as in the engine. */
    private static final int SLOTS = 4;

    private QueueBenchmark() {}

    static List<BenchmarkFigure> run() {
        return run(1);
    }

    /** Measures with a fraction of the tasks. */
    static List<BenchmarkFigure> run(int part) {
        measureScheduler(CUBES, TASKS / part / 4);
        return List.of(
                BenchmarkFigure.atLeast(
                        "empty tasks over " + CUBES + " cubes", measureScheduler(CUBES, TASKS / part), "/s", 2_000),
                BenchmarkFigure.baseline("all of them in one cube", measureScheduler(1, TASKS_OF_ONE / part), "/s"),
                BenchmarkFigure.baseline(
                        "one worker, a transaction to lease, one to end", measureNaive(TASKS_NAIVE / part), "/s"));
    }

    /** Returns the tasks per second until the last one has ended. */
    private static double measureScheduler(int cubes, int tasks) {
        try (ScratchDirectory workspace = new ScratchDirectory();
                Vault stored = open(workspace.folder("queue"))) {
            ChangeSignal changed = new ChangeSignal();
            NotifyingVault vault = new NotifyingVault(stored, changed);
            enqueue(vault, cubes, tasks);
            ExecutorService executor = Executors.newCachedThreadPool();
            TaskHandler nothing = run -> TaskOutcome.done("");
            TaskScheduler scheduler = TaskScheduler.builder(vault, Map.of(KIND, nothing))
                    .slots(Map.of(Lane.UPKEEP, SLOTS), executor)
                    .changed(changed)
                    .build();
            long start = System.nanoTime();
            try (SchedulerThread thread = new SchedulerThread(scheduler, Clock.systemUTC(), executor)) {
                while (countEnded(vault) < tasks) {
                    Thread.sleep(20);
                }
                return tasks / ((System.nanoTime() - start) / 1e9);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("Interrupted.", e);
        }
    }

    private static double measureNaive(int tasks) {
        try (ScratchDirectory workspace = new ScratchDirectory();
                Vault vault = open(workspace.folder("naive"))) {
            enqueue(vault, CUBES, tasks);
            Optional<CubeKey> after = Optional.empty();
            long start = System.nanoTime();
            for (int i = 0; i < tasks; i++) {
                Instant now = Instant.now();
                LeaseRequest request = new LeaseRequest(
                        "naive", now, now.plus(LEASE), Set.of(KIND), TaskRetryPolicy.DEFAULT.attempts());
                RoundRobin turn = new RoundRobin(1, Set.of(), after);
                TaskLease lease = vault.<List<TaskLease>>write(
                                writer -> writer.tasks().lease(request, turn))
                        .getFirst();
                after = Optional.of(lease.cube());
                vault.change(writer -> writer.tasks().end(lease, TaskState.DONE, "", now));
            }
            return tasks / ((System.nanoTime() - start) / 1e9);
        }
    }

    private static Vault open(Path folder) {
        return ServiceLoader.load(VaultProvider.class).findFirst().orElseThrow().open(folder, Long.MAX_VALUE);
    }

    private static void enqueue(Vault vault, int cubes, int tasks) {
        vault.change(writer -> {
            Instant now = Instant.now();
            List<CubeKey> keys = new ArrayList<>();
            for (int i = 0; i < cubes; i++) {
                keys.add(writer.createCube(CubeId.of("cube-" + i), "", 0, now).key());
            }
            for (int i = 0; i < tasks; i++) {
                TaskRequest request = TaskRequest.of(KIND).about("task " + i);
                writer.tasks().enqueue(keys.get(i % cubes), request, new TaskId(new UUID(0, i)), now);
            }
        });
    }

    private static long countEnded(Vault vault) {
        return vault.read(reader -> reader.tasks().countAll()).getOrDefault(TaskState.DONE, 0L);
    }
}
