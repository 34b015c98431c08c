package io.memos4j.core;

import io.memos4j.api.AddRequest;
import io.memos4j.api.CubeId;
import io.memos4j.api.Input;
import io.memos4j.api.ItemId;
import io.memos4j.api.ItemState;
import io.memos4j.api.ItemVersion;
import io.memos4j.api.MemCube;
import io.memos4j.api.Note;
import io.memos4j.api.SearchRequest;
import io.memos4j.api.Task;
import io.memos4j.api.TaskId;
import io.memos4j.api.TaskKind;
import io.memos4j.api.TaskQuery;
import io.memos4j.api.TaskState;
import io.memos4j.core.scheduler.Outcome;
import io.memos4j.core.scheduler.TaskHandler;
import io.memos4j.core.scheduler.TaskRun;
import io.memos4j.spi.CubeRow;
import io.memos4j.spi.VaultWriter;
import io.memos4j.testkit.HashingEmbedder;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Function;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;

import static org.assertj.core.api.Assertions.assertThat;

/** A cube under a clock that tests move, with task handlers run by hand. */
abstract class AgingFixture {
    static final Instant START = Instant.parse("2025-03-01T10:00:00Z");

    @TempDir
    private Path directory;

    final MovedClock clock = new MovedClock();
    Engine engine;
    MemCube cube;
    private final AtomicLong ids = new AtomicLong();

    @BeforeEach
    void open() {
        engine = Engine.open(
                        ByHand.of(MemOsConfig.at(directory)
                                .withEmbedder(new HashingEmbedder("hash", 64))
                                .withClock(clock)),
                        () -> new UUID(0x7000L, 0x8000_0000_0000_0000L | ids.incrementAndGet()))
                .start();
        cube = new EngineCube(engine, engine.findOrCreate(CubeId.of("alice")));
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
        clock.now = clock.now.plus(time);
    }

    Instant now() {
        return clock.instant();
    }

    ItemId remember(String text) {
        return remember(Note.of(text));
    }

    ItemId remember(Input input) {
        return cube.add(input).ids().getFirst();
    }

    ItemId rememberUntil(String text, Instant expiry) {
        return cube.add(AddRequest.of(List.of(Note.of(text))).expiring(expiry))
                .ids()
                .getFirst();
    }

    /** What a search finds when every vector is there. */
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
        return engine.vault().read(reader -> reader.findCube(cube.id()).orElseThrow());
    }

    /** Runs a handler until it has nothing more to do at once. */
    Outcome run(TaskHandler handler) {
        return run(handler, "");
    }

    Outcome run(TaskHandler handler, String subject) {
        Outcome outcome;
        do {
            outcome = handler.run(new HandRun(row(), subject));
            Outcome ended = outcome;
            engine.vault().<Boolean>write("task:test", writer -> {
                ended.effect().accept(writer);
                return true;
            });
        } while (outcome instanceof Outcome.More);
        return outcome;
    }

    List<Task> waiting(TaskKind kind) {
        return engine.vault()
                .read(reader -> reader.tasks()
                        .list(new TaskQuery(Optional.of(cube.id()), Set.of(TaskState.values()), Set.of(kind), 100)));
    }

    /** A run that nobody else may take over. */
    private final class HandRun implements TaskRun {
        private final CubeRow row;
        private final Task task;

        HandRun(CubeRow row, String subject) {
            this.row = row;
            this.task = new Task(
                    new TaskId(new UUID(1, 1)),
                    row.id(),
                    TaskKind.EXPIRE,
                    subject,
                    TaskState.RUNNING,
                    0,
                    now(),
                    Optional.empty(),
                    1,
                    0,
                    0,
                    "",
                    "test",
                    now(),
                    now());
        }

        @Override
        public CubeRow cube() {
            return row;
        }

        @Override
        public Task task() {
            return task;
        }

        @Override
        public <T> T commit(Function<VaultWriter, T> step) {
            return engine.vault().write("task:test", step);
        }

        @Override
        public void progress(long done, long total) {}

        @Override
        public <T> T waiting(java.util.function.Supplier<T> wait) {
            return wait.get();
        }

        @Override
        public void check() {}
    }

    static final class MovedClock extends Clock {
        private volatile Instant now = START;

        @Override
        public ZoneId getZone() {
            return ZoneOffset.UTC;
        }

        @Override
        public Clock withZone(ZoneId zone) {
            return this;
        }

        @Override
        public Instant instant() {
            return now;
        }
    }
}
