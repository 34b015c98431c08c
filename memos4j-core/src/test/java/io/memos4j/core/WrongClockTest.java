package io.memos4j.core;

import io.memos4j.api.CubeId;
import io.memos4j.api.MemCube;
import io.memos4j.api.access.IssuedKey;
import io.memos4j.api.access.KeyRequest;
import io.memos4j.api.items.AddRequest;
import io.memos4j.api.items.ItemEdit;
import io.memos4j.api.items.ItemState;
import io.memos4j.api.items.MemoryItem;
import io.memos4j.api.items.Message;
import io.memos4j.api.items.Note;
import io.memos4j.api.tasks.Task;
import io.memos4j.api.tasks.TaskKind;
import io.memos4j.api.tasks.TaskQuery;
import io.memos4j.api.tasks.TaskState;
import io.memos4j.core.HealthReport.Finding;
import io.memos4j.core.clock.IdGenerator;
import io.memos4j.testkit.MutableClock;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import static org.assertj.core.api.Assertions.assertThat;

/** A data directory that was opened while the clock was 400 days ahead, and is opened again under the right one. */
class WrongClockTest {
    private static final Instant START = Instant.parse("2025-03-01T10:00:00Z");
    private static final Duration JUMP = Duration.ofDays(400);

    @TempDir
    Path directory;

    private final MutableClock clock = new MutableClock(START);
    private Engine engine;
    private MemCube cube;
    private IssuedKey dayKey;
    private MemoryItem future;

    private void open() {
        engine = Engine.open(MemOsConfig.at(directory).withoutEmbedder().withClock(clock), IdGenerator.timeOrdered())
                .start();
        cube = engine.cubes.factory.open(engine.catalog.findOrCreate(CubeId.of("alice")));
    }

    @BeforeEach
    void jump() {
        open();
        engine.services.governance.create("acme", false);
        dayKey = engine.services.governance.issue(KeyRequest.of("acme").expiring(Duration.ofDays(1)));
        engine.close();
        clock.advance(JUMP);
        open();
        future = cube.get(
                        cube.add(Message.user("I live in Lyon.").in("s")).ids().getFirst())
                .orElseThrow();
        engine.close();
        clock.advance(JUMP.negated());
        open();
    }

    @AfterEach
    void close() {
        engine.close();
    }

    @Test
    void keysAreValidByTheRightClock() {
        assertThat(engine.services.governance.authenticate(dayKey.secret())).isPresent();
        IssuedKey fresh = engine.services.governance.issue(KeyRequest.of("acme").expiring(Duration.ofDays(1)));
        assertThat(fresh.key().expiresAt()).contains(START.plus(Duration.ofDays(1)));
        clock.advance(Duration.ofDays(2));
        assertThat(engine.services.governance.authenticate(dayKey.secret())).isEmpty();
        assertThat(engine.services.governance.authenticate(fresh.secret())).isEmpty();
    }

    @Test
    void whatHappensNowIsDatedNowAndRecordedAfterWhatWasRecorded() {
        MemoryItem now = cube.get(
                        cube.add(Message.user("The weather is fine.")).ids().getFirst())
                .orElseThrow();
        assertThat(now.times().occurredAt()).isEqualTo(START);
        assertThat(now.times().recordedAt()).isAfter(future.times().recordedAt());
        assertThat(Duration.between(future.times().recordedAt(), now.times().recordedAt()))
                .isLessThan(Duration.ofSeconds(1));
        MemoryItem edited = cube.update(future.id(), ItemEdit.text("I live in Paris."));
        assertThat(edited.times().updatedAt()).isAfter(future.times().updatedAt());
        assertThat(cube.time().recordedAt(future.times().recordedAt()).get(future.id()))
                .map(MemoryItem::text)
                .contains("I live in Lyon.");
    }

    @Test
    void aLifetimeEndsByTheRightClock() {
        var item = cube.add(
                        AddRequest.of(List.of(Note.of("The code is 4711."))).expiring(START.plus(Duration.ofDays(30))))
                .ids()
                .getFirst();
        assertThat(cube.search("code").hits()).hasSize(1);
        clock.advance(Duration.ofDays(31));
        engine.storage.changed.fire();
        Awaitility.await().until(() -> cube.get(item).orElseThrow().state() == ItemState.EXPIRED);
    }

    @Test
    void workThatTheWrongClockHasPutOffIsDone() {
        Awaitility.await()
                .until(() -> list(TaskState.SCHEDULED, TaskKind.LINK).isEmpty()
                        && !list(TaskState.DONE, TaskKind.LINK).isEmpty());
        cube.add(Message.user("The next message."));
        assertThat(list(TaskState.SCHEDULED, TaskKind.LINK))
                .allSatisfy(task -> assertThat(task.due()).isBefore(START.plus(Duration.ofMinutes(1))));
    }

    private List<Task> list(TaskState state, TaskKind kind) {
        return engine.background.tasks.list(
                TaskQuery.ALL.of(cube.id()).kind(kind).in(state));
    }

    @Test
    void theHealthCheckNamesTheFutureDates() {
        assertThat(engine.checkHealth().findings()).extracting(Finding::area).contains("clock");
    }
}
