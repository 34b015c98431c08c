package io.memos4j.core;

import com.github.f4b6a3.uuid.UuidCreator;
import io.memos4j.api.ItemId;
import io.memos4j.api.MemCube;
import io.memos4j.api.adapters.Adapter;
import io.memos4j.api.adapters.AdapterState;
import io.memos4j.api.adapters.LearningPolicy;
import io.memos4j.api.history.ItemVersion;
import io.memos4j.api.items.ItemState;
import io.memos4j.api.items.ItemType;
import io.memos4j.api.items.ListRequest;
import io.memos4j.api.items.MemoryItem;
import io.memos4j.api.items.Note;
import io.memos4j.api.items.SourceReference;
import io.memos4j.api.retention.RetentionPolicy;
import io.memos4j.api.tasks.Task;
import io.memos4j.api.tasks.TaskKind;
import io.memos4j.api.tasks.TaskQuery;
import io.memos4j.api.tasks.TaskState;
import io.memos4j.core.CrashingTask.Point;
import io.memos4j.spi.vault.VaultProvider;
import io.memos4j.testkit.JavaCommand;
import java.io.BufferedReader;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.random.RandomGenerator;
import java.util.random.RandomGeneratorFactory;
import java.util.stream.Collectors;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Kills the process in every kind of task: in the middle of its work, before, in and after its first commit. The next
 * process finishes the task or repeats it, and nothing is lost, half there or there twice.
 */
class TaskCrashIT {
    private static final Duration PATIENCE = Duration.ofMinutes(2);
    private static final int LONGEST_LIFE_MS = 15;

    /** States that a task leaves an item in, once. */
    private static final Set<ItemState> AUTOMATIC = EnumSet.of(ItemState.EXPIRED, ItemState.MERGED, ItemState.ARCHIVED);

    @TempDir
    private Path directory;

    @TempDir
    private Path scratch;

    private final RandomGenerator random =
            RandomGeneratorFactory.of("L64X128MixRandom").create(20261121);
    private final List<ItemId> acknowledged = new ArrayList<>();

    @ParameterizedTest
    @EnumSource
    void aTaskWhoseProcessIsKilledIsFinishedOrRepeatedWithoutATrace(TaskKind kind) throws Exception {
        prepare(kind);
        for (Point point : CrashingTask.points(kind)) {
            int round = point.ordinal() + 1;
            runAndKill(kind, point, round);
            try (Engine engine = open(kind, round)) {
                if (point != Point.AFTER) {
                    assertThat(tasks(engine, kind))
                            .as("the task that was killed %s its commit", point)
                            .anyMatch(task -> task.state() == TaskState.READY
                                    && task.note().contains("worker was lost"));
                }
                // Every second time the next process is killed too, before it could repair anything.
                if (round % 2 == 0) {
                    check(engine.start(), kind);
                }
            }
        }
    }

    private Engine open(TaskKind kind, int round) {
        return Engine.open(CrashingTask.config(directory, kind, round, false), UuidCreator::getTimeOrderedEpoch);
    }

    private static MemCube cube(Engine engine) {
        return engine.cubes.factory.open(engine.catalog.findOrCreate(CrashingTask.CUBE));
    }

    private static List<Task> tasks(Engine engine, TaskKind first, TaskKind... more) {
        return engine.background.tasks.list(
                TaskQuery.ALL.of(CrashingTask.CUBE).kind(first, more).limit(TaskQuery.MAX_LIMIT));
    }

    /** Something to be cold, stable and hot by the time of the first round. */
    private void prepare(TaskKind kind) throws IOException {
        Path services = Files.createDirectories(scratch.resolve("META-INF/services"));
        Files.writeString(services.resolve(VaultProvider.class.getName()), HaltingVaultProvider.class.getName());
        try (Engine engine = open(kind, 0).start()) {
            MemCube cube = cube(engine);
            switch (kind) {
                case DECAY ->
                    cube.policy(RetentionPolicy.DEFAULT
                            .halfLife(RetentionPolicy.MIN_DURATION)
                            .archiveBelow(0.5));
                case CAPACITY -> cube.policy(RetentionPolicy.DEFAULT.capacity(10));
                case TEACH -> cube.adapters().policy(new LearningPolicy(true, true, 0, Duration.ZERO));
                default -> {}
            }
            acknowledged.addAll(CrashingTask.remember(cube, 0));
            ItemId hot = cube.add(Note.of(CrashingTask.HOT)).ids().getFirst();
            for (int i = 0; i < 5; i++) {
                assertThat(cube.get(hot)).isPresent();
            }
            assertThat(engine.background.tasks.maintain(CrashingTask.CUBE, PATIENCE))
                    .isTrue();
        }
    }

    private void runAndKill(TaskKind kind, Point point, int round) throws IOException, InterruptedException {
        Path errors = scratch.resolve("errors");
        Process process = new ProcessBuilder(JavaCommand.of(
                        CrashingTask.class,
                        List.of(
                                "-XX:TieredStopAtLevel=1",
                                "-XX:+UseSerialGC",
                                "-Xmx256m",
                                "-Dcrash.kind=" + kind.id(),
                                "-Dcrash.point=" + point,
                                "-cp",
                                scratch + File.pathSeparator + JavaCommand.classPath()),
                        directory,
                        round))
                .redirectError(errors.toFile())
                .start();
        try (BufferedReader reader = process.inputReader()) {
            boolean halted = false;
            String line = reader.readLine();
            while (line != null) {
                if (line.equals(CrashingTask.HALT) && !halted) {
                    halted = true;
                    Thread.sleep(random.nextInt(LONGEST_LIFE_MS));
                    // Unlike the process itself, its handle leaves what it has said readable.
                    process.toHandle().destroyForcibly();
                }
                // What ends with a full stop was said to the end.
                if (line.startsWith(CrashingTask.ACKNOWLEDGED) && line.endsWith(" .")) {
                    acknowledged.add(ItemId.parse(line.split(" ", -1)[1]));
                }
                line = reader.readLine();
            }
            assertThat(halted)
                    .as("%s runs; errors: %s", kind, Files.readString(errors))
                    .isTrue();
        }
        process.waitFor();
    }

    private void check(Engine engine, TaskKind kind) {
        MemCube cube = cube(engine);
        assertThat(engine.background.tasks.maintain(CrashingTask.CUBE, PATIENCE))
                .as(
                        "nothing left of %s",
                        engine.background.tasks.list(TaskQuery.ALL.in(TaskState.READY, TaskState.RUNNING)))
                .isTrue();
        assertThat(cube.awaitIdle(PATIENCE)).isTrue();
        for (Task task : engine.background.tasks.list(TaskQuery.ALL.limit(TaskQuery.MAX_LIMIT))) {
            boolean waits = task.state() == TaskState.SCHEDULED && task.attempts() == 0;
            assertThat(waits || task.state() == TaskState.DONE).as("%s", task).isTrue();
        }
        assertThat(tasks(engine, kind)).isNotEmpty();
        assertThat(cube.describe().pendingVectors()).isZero();
        assertThat(engine.checkHealth().isHealthy()).isTrue();
        Map<ItemId, MemoryItem> items = items(cube);
        assertThat(items.keySet()).containsAll(acknowledged);
        items.values().forEach(item -> {
            checkHistory(cube.history(item.id()));
            item.origin().sources().stream()
                    .filter(source -> source.kind() == SourceReference.Kind.ITEM)
                    .forEach(source ->
                            assertThat(items).as("source of %s", item).containsKey(ItemId.parse(source.id())));
        });
        checkEffects(items.values().stream().collect(Collectors.groupingBy(MemoryItem::state)), kind);
        checkMade(List.copyOf(items.values()), kind);
        if (kind == TaskKind.TEACH) {
            checkTaught(cube.adapters().list());
        }
        if (kind != TaskKind.DECAY && kind != TaskKind.CAPACITY) {
            assertThat(cube.search("third stone").hits().getFirst().item().text())
                    .isEqualTo(CrashingTask.HOT);
        }
    }

    /** Nothing twice, all examined and in use, and no file that belongs to nobody. */
    private void checkTaught(List<Adapter> adapters) {
        assertThat(adapters).isNotEmpty();
        assertThat(adapters.stream()
                        .filter(adapter -> adapter.state() != AdapterState.SUSPENDED)
                        .flatMap(adapter -> adapter.taught().stream())
                        .map(Adapter.Source::item))
                .doesNotHaveDuplicates();
        assertThat(adapters)
                .filteredOn(adapter -> adapter.state() != AdapterState.SUSPENDED)
                .allMatch(adapter -> adapter.state() == AdapterState.ACTIVE
                        && adapter.evaluation().isPresent());
        Set<String> named = adapters.stream()
                .flatMap(adapter -> adapter.artifact().stream())
                .map(Adapter.Artifact::hash)
                .collect(Collectors.toSet());
        assertThat(directory.resolve("adapters").toFile().list())
                .as("adapters on disk")
                .allMatch(name -> named.contains(name) || name.equals("work"))
                .containsAll(named);
    }

    private static Map<ItemId, MemoryItem> items(MemCube cube) {
        Map<ItemId, MemoryItem> items = new HashMap<>();
        Optional<String> next = Optional.of("");
        ListRequest request = ListRequest.first().limit(1_000);
        while (next.isPresent()) {
            var page = cube.list(next.get().isEmpty() ? request : request.after(next.get()));
            page.items().forEach(item -> items.put(item.id(), item));
            next = page.next();
        }
        return items;
    }

    /** Without a gap, and with each state that a task leads to at most once before something asks it back. */
    private static void checkHistory(List<ItemVersion> history) {
        Map<ItemState, Integer> reached = new HashMap<>();
        for (int i = 0; i < history.size(); i++) {
            ItemVersion version = history.get(i);
            assertThat(version.item().version()).isEqualTo(i + 1);
            assertThat(version.supersededAt())
                    .isEqualTo(
                            i == history.size() - 1
                                    ? Optional.empty()
                                    : Optional.of(history.get(i + 1).recordedAt()));
            boolean changed =
                    i > 0 && history.get(i - 1).item().state() != version.item().state();
            if (version.item().state() == ItemState.ACTIVATED) {
                // A user's touch, or a summary brought up to date after it was archived.
                reached.clear();
            }
            if (version.actor().isTask()
                    && changed
                    && AUTOMATIC.contains(version.item().state())) {
                reached.merge(version.item().state(), 1, Integer::sum);
            } else if (version.actor().isTask() && i > 0) {
                assertThat(version.item())
                        .as("a task rewrites only what it changes")
                        .isNotEqualTo(history.get(i - 1).item());
            }
        }
        assertThat(reached.values()).as("%s", history).allMatch(times -> times == 1);
    }

    private static void checkEffects(Map<ItemState, List<MemoryItem>> byState, TaskKind kind) {
        switch (kind) {
            case MERGE -> assertThat(texts(byState, ItemState.MERGED)).anyMatch(text -> text.contains("eleven beds"));
            case DECAY, CAPACITY ->
                assertThat(texts(byState, ItemState.ARCHIVED)).anyMatch(text -> text.startsWith("We renovate"));
            default ->
                assertThat(texts(byState, ItemState.EXPIRED))
                        .isNotEmpty()
                        .allMatch(text -> text.startsWith("Door code"))
                        .doesNotHaveDuplicates();
        }
        assertThat(texts(byState, ItemState.ACTIVATED).stream().filter(text -> text.startsWith("I live in")))
                .as("where Alice lives now")
                .hasSize(1);
    }

    private static List<String> texts(Map<ItemState, List<MemoryItem>> byState, ItemState state) {
        return byState.getOrDefault(state, List.of()).stream()
                .filter(item -> item.type() == ItemType.MESSAGE || item.type() == ItemType.NOTE)
                .map(MemoryItem::text)
                .toList();
    }

    /** One summary for each session and for the cube, one profile, and each message read once. */
    private void checkMade(List<MemoryItem> items, TaskKind kind) {
        assertThat(items.stream()
                        .filter(item -> item.type() == ItemType.SUMMARY || item.type() == ItemType.PROFILE)
                        .map(item -> item.type() + " " + item.metadata()))
                .doesNotHaveDuplicates();
        assertThat(items.stream().filter(item -> item.type() == ItemType.PROFILE))
                .hasSize(1);
        assertThat(items.stream()
                        .filter(item -> item.type() == ItemType.EVENT)
                        .flatMap(item -> item.origin().sources().stream())
                        .map(SourceReference::id))
                .doesNotHaveDuplicates();
        switch (kind) {
            case EXTRACT -> assertThat(items).anyMatch(item -> item.type() == ItemType.EVENT);
            case PROMOTE -> assertThat(directory.resolve("promoted")).content().contains(CrashingTask.HOT);
            default -> assertThat(items).anyMatch(item -> item.type() == ItemType.SUMMARY);
        }
    }
}
