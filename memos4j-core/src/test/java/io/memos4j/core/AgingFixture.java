package io.memos4j.core;

import io.memos4j.api.CubeId;
import io.memos4j.api.ItemId;
import io.memos4j.api.MemCube;
import io.memos4j.api.history.ItemVersion;
import io.memos4j.api.items.AddRequest;
import io.memos4j.api.items.ItemState;
import io.memos4j.api.items.MemoryInput;
import io.memos4j.api.items.Note;
import io.memos4j.api.search.SearchRequest;
import io.memos4j.api.tasks.Task;
import io.memos4j.api.tasks.TaskKind;
import io.memos4j.api.tasks.TaskQuery;
import io.memos4j.api.tasks.TaskState;
import io.memos4j.core.tasks.TaskHandler;
import io.memos4j.core.tasks.TaskOutcome;
import io.memos4j.spi.CubeRow;
import io.memos4j.testkit.MutableClock;
import io.memos4j.testkit.models.HashingEmbedder;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;

import static org.assertj.core.api.Assertions.assertThat;

/** A cube under a clock that tests move, with task handlers run by hand. */
abstract class AgingFixture {
    static final Instant START = Instant.parse("2025-03-01T10:00:00Z");

    @TempDir
    private Path directory;

    final MutableClock clock = new MutableClock(START);
    Engine engine;
    MemCube cube;
    private final AtomicLong ids = new AtomicLong();

    @BeforeEach
    void open() {
        engine = Engine.open(
                        ManualTasks.of(MemOsConfig.at(directory)
                                .withEmbedder(new HashingEmbedder("hash", 64))
                                .withClock(clock)),
                        () -> new UUID(0x7000L, 0x8000_0000_0000_0000L | ids.incrementAndGet()))
                .start();
        cube = engine.cubes.factory.open(engine.catalog.findOrCreate(CubeId.of("alice")));
    }

    @AfterEach
    void close() {
        engine.close();
    }

    void reopen() {
        close();
        open();
    }

    void later(Duration time) {
        clock.advance(time);
    }

    Instant now() {
        return clock.instant();
    }

    ItemId remember(String text) {
        return remember(Note.of(text));
    }

    ItemId remember(MemoryInput input) {
        return cube.add(input).ids().getFirst();
    }

    ItemId rememberUntil(String text, Instant expiry) {
        return cube.add(AddRequest.of(List.of(Note.of(text))).expiring(expiry))
                .ids()
                .getFirst();
    }

    /** The texts that a search finds once every vector is there. */
    List<String> found(SearchRequest request) {
        assertThat(cube.awaitIdle(Duration.ofMinutes(2))).isTrue();
        return cube.search(request).hits().stream()
                .map(hit -> hit.item().text())
                .toList();
    }

    List<String> found(String query) {
        return found(SearchRequest.of(query));
    }

    ItemState state(ItemId id) {
        return last(id).item().state();
    }

    ItemVersion last(ItemId id) {
        return cube.history(id).getLast();
    }

    CubeRow row() {
        return engine.storage.vault.read(reader -> reader.findCube(cube.id()).orElseThrow());
    }

    /** Runs a handler until it has nothing more to do at once. */
    TaskOutcome run(TaskHandler handler) {
        return run(handler, "");
    }

    TaskOutcome run(TaskHandler handler, String subject) {
        return new DirectTaskRun(engine, row(), TaskKind.EXPIRE, subject).with(handler);
    }

    List<Task> waiting(TaskKind kind) {
        return engine.storage.vault.read(reader -> reader.tasks()
                .list(new TaskQuery(Optional.of(cube.id()), Set.of(TaskState.values()), Set.of(kind), 100)));
    }
}
