package io.memos4j.core;

import com.github.f4b6a3.uuid.factory.standard.TimeOrderedEpochFactory;
import io.memos4j.api.Actor;
import io.memos4j.api.CubeId;
import io.memos4j.api.ItemId;
import io.memos4j.api.MemCube;
import io.memos4j.api.MemoryException;
import io.memos4j.api.history.ItemVersion;
import io.memos4j.api.items.ItemEdit;
import io.memos4j.api.items.ItemState;
import io.memos4j.api.items.ItemType;
import io.memos4j.api.items.ListRequest;
import io.memos4j.api.items.MemoryItem;
import io.memos4j.api.items.Message;
import io.memos4j.api.items.Note;
import io.memos4j.api.items.Selection;
import io.memos4j.api.items.SourceReference;
import io.memos4j.api.tasks.Task;
import io.memos4j.api.tasks.TaskId;
import io.memos4j.api.tasks.TaskKind;
import io.memos4j.api.tasks.TaskQuery;
import io.memos4j.api.tasks.TaskRequest;
import io.memos4j.api.tasks.TaskState;
import io.memos4j.core.clock.IdGenerator;
import io.memos4j.core.cube.StoredMemCube;
import io.memos4j.core.extraction.ExtractTask;
import io.memos4j.core.tasks.DefaultMemScheduler;
import io.memos4j.core.tasks.TaskHandler;
import io.memos4j.core.tasks.TaskOutcome;
import io.memos4j.core.tasks.TaskRetryPolicy;
import io.memos4j.core.tasks.TaskScheduler;
import io.memos4j.spi.CubeKey;
import io.memos4j.spi.items.StoredItem;
import io.memos4j.testkit.MutableClock;
import io.memos4j.testkit.models.HashingEmbedder;
import io.memos4j.testkit.vault.FaultyVault;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.random.RandomGenerator;
import java.util.random.RandomGeneratorFactory;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Two workers on one vault, with a clock that jumps, writes that fail or are not acknowledged, workers that crash or
 * lose their leases, a model that fails and lies, and users who add, change, erase, cancel, repeat and pause. After
 * every step the promises are checked.
 */
class SchedulerSimulationTest {
    private static final int STEPS = 800;
    private static final int WORKERS = 2;
    private static final double FAULTS = 0.06;
    private static final List<String> CITIES = List.of("Lyon", "Graz", "Porto", "Turin", "Ghent");
    private static final String LIVES = "I live in ";
    private static final ItemId COUNTER = ItemId.parse("00000000-0000-7000-8000-000000000001");

    @TempDir
    private Path directory;

    private final MutableClock clock = new MutableClock(Instant.parse("2026-03-01T10:00:00Z"));
    private final Map<CubeId, Map<ItemId, String>> acknowledged = new HashMap<>();
    private final Set<TaskId> probes = new HashSet<>();
    private RandomGenerator random = RandomGenerator.getDefault();
    private int said;

    @ParameterizedTest
    @ValueSource(longs = {1, 20_261_121, 77})
    void everyPromiseHoldsAfterEveryStep(long seed) {
        random = RandomGeneratorFactory.of("L64X128MixRandom").create(seed);
        SimulatedModel model = new SimulatedModel(random);
        MemOsConfig config = MemOsConfig.at(directory)
                .withEmbedder(new HashingEmbedder("hash", 32))
                .withClock(clock)
                .withModel(model);
        try (Engine engine = Engine.open(config, ids())) {
            List<MemCube> cubes = List.of(cube(engine, "alice"), cube(engine, "bob"));
            List<Worker> workers = new ArrayList<>();
            for (int i = 0; i < WORKERS; i++) {
                workers.add(new Worker(engine, workers));
            }
            for (int step = 0; step < STEPS; step++) {
                step(engine, cubes.get(random.nextInt(cubes.size())), workers);
                cubes.forEach(cube -> check(engine, cube));
            }
            model.heal();
            settle(engine, cubes);
            cubes.forEach(cube -> check(engine, cube));
        }
    }

    private IdGenerator ids() {
        TimeOrderedEpochFactory factory = TimeOrderedEpochFactory.builder()
                .withRandomFunction(random::nextLong)
                .withClock(clock)
                .build();
        return factory::create;
    }

    private MemCube cube(Engine engine, String name) {
        StoredMemCube cube = engine.cubes.factory.open(engine.catalog.findOrCreate(CubeId.of(name)));
        acknowledged.put(cube.id(), new LinkedHashMap<>());
        MemoryItem note = cube.get(
                        cube.add(Note.of("The counter of " + name)).ids().getFirst())
                .orElseThrow();
        MemoryItem counter = new MemoryItem(
                note.cube(),
                COUNTER,
                1,
                note.type(),
                note.state(),
                "Counter",
                "",
                note.origin(),
                note.times(),
                Set.of(),
                Map.of());
        CubeKey key = engine.catalog.find(cube.id()).orElseThrow().key();
        engine.storage.vault.write(writer -> {
            writer.insert(key, List.of(new StoredItem(counter, List.of(), "", Optional.empty(), "add")));
            return true;
        });
        return cube;
    }

    /** A process with its scheduler; when it has crashed, another one takes its place. */
    private final class Worker {
        private final Engine engine;
        private final List<Worker> all;
        private FaultyVault vault;
        private TaskScheduler scheduler;
        private boolean nested;

        Worker(Engine engine, List<Worker> all) {
            this.engine = engine;
            this.all = all;
            this.vault = new FaultyVault(engine.storage.vault, random, FAULTS);
            this.scheduler = start();
        }

        private TaskScheduler start() {
            Map<TaskKind, TaskHandler> handlers = new EnumMap<>(TaskKind.class);
            engine.background.handlers.forEach((kind, handler) -> handlers.put(kind, run -> {
                disturb();
                return handler.run(run);
            }));
            handlers.put(TaskKind.PROMOTE, run -> {
                disturb();
                return TaskOutcome.done("counted", writer -> {
                    MemoryItem counter =
                            writer.items(run.cube().key(), List.of(COUNTER)).getFirst();
                    writer.replace(
                            run.cube().key(),
                            new StoredItem(
                                    counter.next(counter.state(), Optional.empty(), clock.instant()),
                                    List.of(),
                                    "",
                                    Optional.empty(),
                                    "count"));
                });
            });
            return TaskScheduler.builder(vault, handlers)
                    .clock(clock)
                    .ids(ids())
                    .retry(new TaskRetryPolicy(4, Duration.ofSeconds(1), Duration.ofMinutes(1)), random)
                    .slots(Map.of(TaskKind.Lane.UPKEEP, 2), Runnable::run)
                    .build();
        }

        /** The process stops for longer than its lease, and another one goes on; or it dies. */
        private void disturb() {
            if (!nested && random.nextInt(12) == 0) {
                nested = true;
                clock.advance(Duration.ofSeconds(random.nextInt(90)));
                all.stream()
                        .filter(other -> other != this && !other.nested)
                        .findFirst()
                        .ifPresent(Worker::turn);
                nested = false;
            }
            if (random.nextInt(40) == 0) {
                vault.crash();
            }
        }

        void turn() {
            try {
                scheduler.runDueTasks();
            } catch (MemoryException e) {
                assertThat(e.getMessage()).containsAnyOf("injected", "process is gone");
            }
            if (!nested && random.nextInt(60) == 0) {
                vault.crash();
            }
            if (vault.crashed() && !nested) {
                vault = new FaultyVault(engine.storage.vault, random, FAULTS);
                scheduler = start();
            }
        }
    }

    private void step(Engine engine, MemCube cube, List<Worker> workers) {
        DefaultMemScheduler tasks = engine.background.tasks;
        switch (random.nextInt(20)) {
            case 0, 1, 2 -> say(cube, LIVES + CITIES.get(random.nextInt(CITIES.size())) + ".");
            case 3, 4 -> say(cube, "I saw heron number " + said + " at the lake.");
            case 5 -> change(cube);
            case 6 -> erase(cube);
            case 7 -> probe(engine, cube);
            case 8 ->
                pick(engine, cube, TaskState.READY, TaskState.SCHEDULED, TaskState.RUNNING)
                        .ifPresent(tasks::cancel);
            case 9 -> pick(engine, cube, TaskState.DEAD, TaskState.CANCELLED).ifPresent(tasks::replay);
            case 10 -> {
                if (random.nextBoolean()) {
                    tasks.pause(cube.id());
                } else {
                    tasks.resume(cube.id());
                }
            }
            case 11 -> clock.advance(Duration.ofSeconds(random.nextInt(-20, 600)));
            default -> workers.get(random.nextInt(WORKERS)).turn();
        }
        clock.advance(Duration.ofMillis(random.nextInt(2_000)));
    }

    /** A task whose every effect leaves a version behind. */
    private void probe(Engine engine, MemCube cube) {
        CubeKey key = engine.catalog.find(cube.id()).orElseThrow().key();
        TaskRequest request = TaskRequest.of(TaskKind.PROMOTE).about("probe " + random.nextInt(3));
        probes.add(engine.storage.vault.write(
                writer -> writer.tasks().enqueue(key, request, ids().nextTaskId(), clock.instant())));
    }

    private void say(MemCube cube, String text) {
        said++;
        cube.add(Message.user(text).by("Alice").in("session " + said / 10))
                .items()
                .forEach(added -> of(cube).putIfAbsent(added.id(), text));
    }

    private Map<ItemId, String> of(MemCube cube) {
        return Optional.ofNullable(acknowledged.get(cube.id())).orElseThrow();
    }

    private void change(MemCube cube) {
        List<ItemId> ids = List.copyOf(of(cube).keySet());
        if (!ids.isEmpty()) {
            cube.update(ids.get(random.nextInt(ids.size())), ItemEdit.NOTHING.tags(Set.of("tag " + said)));
        }
    }

    private void erase(MemCube cube) {
        List<ItemId> ids = List.copyOf(of(cube).keySet());
        int limit = ids.size() > 25 ? 12 : 1;
        for (int i = 0; i < Math.min(limit, ids.size()); i++) {
            ItemId id = ids.get(i);
            cube.delete(Selection.item(id));
            of(cube).remove(id);
        }
    }

    private Optional<TaskId> pick(Engine engine, MemCube cube, TaskState first, TaskState... more) {
        List<Task> found =
                engine.background.tasks.list(TaskQuery.ALL.of(cube.id()).in(first, more));
        return found.isEmpty()
                ? Optional.empty()
                : Optional.of(found.get(random.nextInt(found.size())).id());
    }

    /** Lets a healthy process finish everything, with the dead and cancelled tasks replayed. */
    private void settle(Engine engine, List<MemCube> cubes) {
        Map<TaskKind, TaskHandler> handlers = new EnumMap<>(engine.background.handlers);
        TaskScheduler healthy = TaskScheduler.builder(engine.storage.vault, handlers)
                .clock(clock)
                .ids(ids())
                .retry(TaskRetryPolicy.DEFAULT, random)
                .build();
        healthy.reclaimAbandoned();
        for (MemCube cube : cubes) {
            engine.background.tasks.resume(cube.id());
            engine.background
                    .tasks
                    .list(TaskQuery.ALL
                            .of(cube.id())
                            .in(TaskState.DEAD, TaskState.CANCELLED)
                            .limit(TaskQuery.MAX_LIMIT))
                    .forEach(task -> engine.background.tasks.replay(task.id()));
        }
        for (int i = 0; i < 50; i++) {
            clock.advance(Duration.ofMinutes(30));
            while (healthy.runDueTasks() > 0) {
                // Everything that is ready.
            }
        }
        for (MemCube cube : cubes) {
            CubeKey key = engine.catalog.find(cube.id()).orElseThrow().key();
            assertThat(engine.storage.vault.<Boolean>read(reader -> reader.hasPending(key)))
                    .isFalse();
            assertThat(engine.storage.vault.<Boolean>read(reader -> ExtractTask.hasUnread(reader, key)))
                    .isFalse();
        }
    }

    private void check(Engine engine, MemCube cube) {
        List<MemoryItem> items = cube.list(ListRequest.first().limit(1_000)).items();
        Map<ItemId, MemoryItem> byId = new HashMap<>();
        items.forEach(item -> byId.put(item.id(), item));
        Map<Actor, Integer> made = new HashMap<>();
        for (MemoryItem item : items) {
            history(cube, item).forEach(version -> made.merge(version.actor(), 1, Integer::sum));
            item.origin().sources().stream()
                    .filter(source -> source.kind() == SourceReference.Kind.ITEM)
                    .forEach(
                            source -> assertThat(byId).as("source of %s", item).containsKey(ItemId.parse(source.id())));
        }
        of(cube).forEach((id, text) -> {
            assertThat(byId).as("acknowledged: %s", text).containsKey(id);
            assertThat(cube.history(id).getFirst().item().text()).isEqualTo(text);
        });
        assertThat(items.stream()
                        .filter(item -> item.type() == ItemType.MESSAGE && item.state() == ItemState.ACTIVATED)
                        .filter(item -> item.text().startsWith(LIVES))
                        .map(MemoryItem::text)
                        .distinct())
                .as("where Alice lives now")
                .hasSizeLessThanOrEqualTo(1);
        checkTasks(engine, cube, made);
    }

    private void checkTasks(Engine engine, MemCube cube, Map<Actor, Integer> made) {
        List<Task> tasks =
                engine.background.tasks.list(TaskQuery.ALL.of(cube.id()).limit(TaskQuery.MAX_LIMIT));
        for (Task task : tasks) {
            int effects = made.getOrDefault(Actor.of(task), 0);
            if (probes.contains(task.id())) {
                assertThat(effects).as("effects of %s", task).isEqualTo(task.state() == TaskState.DONE ? 1 : 0);
            }
        }
        CubeKey key = engine.catalog.find(cube.id()).orElseThrow().key();
        if (engine.storage.vault.<Boolean>read(reader -> reader.hasPending(key))) {
            assertThat(tasks)
                    .as("a task for the pending vectors")
                    .anyMatch(task -> task.kind() == TaskKind.EMBED && task.state() != TaskState.DONE);
        }
    }

    private static List<ItemVersion> history(MemCube cube, MemoryItem item) {
        List<ItemVersion> history = cube.history(item.id());
        for (int i = 0; i < history.size(); i++) {
            assertThat(history.get(i).item().version()).isEqualTo(i + 1);
            boolean last = i == history.size() - 1;
            assertThat(history.get(i).supersededAt())
                    .isEqualTo(
                            last
                                    ? Optional.empty()
                                    : Optional.of(history.get(i + 1).recordedAt()));
        }
        assertThat(history.getLast().item()).isEqualTo(item);
        return history;
    }
}
