package io.memos4j.core;

import io.memos4j.api.CubeId;
import io.memos4j.api.ItemId;
import io.memos4j.api.MemCube;
import io.memos4j.api.items.Filter;
import io.memos4j.api.items.ItemState;
import io.memos4j.api.items.ItemType;
import io.memos4j.api.items.ListRequest;
import io.memos4j.api.items.MemoryItem;
import io.memos4j.api.items.Message;
import io.memos4j.api.tasks.TaskKind;
import io.memos4j.core.consolidation.DerivedMemoryWriter;
import io.memos4j.core.consolidation.DuplicateMergeTask;
import io.memos4j.core.consolidation.LinkTask;
import io.memos4j.core.consolidation.ProfileTask;
import io.memos4j.core.consolidation.ReconcileTask;
import io.memos4j.core.consolidation.SummarizeTask;
import io.memos4j.core.tasks.TaskHandler;
import io.memos4j.core.tasks.TaskOutcome;
import io.memos4j.spi.CubeRow;
import io.memos4j.spi.vault.Vault;
import io.memos4j.testkit.models.HashingEmbedder;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;

import static org.assertj.core.api.Assertions.assertThat;

/** An engine with one cube whose tasks run directly: a real vault and index, a hashing embedder, no model. */
abstract class ConsolidationFixture {
    static final Instant MARCH = Instant.parse("2025-03-04T10:00:00Z");
    static final Instant JUNE = Instant.parse("2025-06-01T10:00:00Z");

    @TempDir
    private Path directory;

    Engine engine;
    Optional<SummarizeTask.SummaryModel> telling = Optional.empty();
    CubeRow row;
    MemCube cube;

    /** The configuration that a test opens the engine with. */
    MemOsConfig config(MemOsConfig base) {
        return base;
    }

    @BeforeEach
    void open() {
        engine = Engine.open(
                        config(ManualTasks.of(MemOsConfig.at(directory)
                                .withEmbedder(new HashingEmbedder("hash", 64))
                                .withZone(ZoneOffset.UTC))),
                        UUID::randomUUID)
                .start();
        row = engine.catalog.create(CubeId.of("alice"));
        cube = engine.cubes.factory.open(row);
    }

    @AfterEach
    void close() {
        engine.close();
    }

    TaskOutcome run(TaskKind kind) {
        return run(kind, "");
    }

    TaskOutcome run(TaskKind kind, String subject) {
        return run(new DirectTaskRun(engine, row, kind, subject));
    }

    TaskOutcome run(DirectTaskRun run) {
        assertThat(cube.awaitIdle(Duration.ofSeconds(30))).isTrue();
        return run.with(handler(run.task().kind()));
    }

    private TaskHandler handler(TaskKind kind) {
        Vault vault = engine.storage.vault;
        ZoneId zone = engine.storage.config.zone();
        DerivedMemoryWriter derived =
                new DerivedMemoryWriter(engine.services.parser, engine.storage.clock, engine.storage.ids);
        return switch (kind) {
            case LINK ->
                new LinkTask(vault, engine.storage.indexes, engine.storage.vectors, engine.storage.config.clock());
            case MERGE -> new DuplicateMergeTask(vault, engine.storage.indexes, engine.services.supersession, zone);
            case RECONCILE -> new ReconcileTask(vault, engine.services.supersession);
            case SUMMARIZE ->
                new SummarizeTask(vault, derived, zone, telling, engine.storage.clock, engine.storage.ids);
            case PROFILE -> new ProfileTask(vault, derived, engine.storage.clock);
            default -> throw new IllegalArgumentException("no consolidation task: " + kind);
        };
    }

    ItemId say(String text, Instant when) {
        return say("Alice", text, when);
    }

    ItemId say(String speaker, String text, Instant when) {
        return cube.add(Message.user(text)
                        .by(speaker)
                        .in("s-" + when.getEpochSecond() / 86_400)
                        .at(when))
                .ids()
                .getFirst();
    }

    ItemState state(ItemId id) {
        return cube.get(id).orElseThrow().state();
    }

    List<MemoryItem> ofType(ItemType type) {
        return cube.list(ListRequest.first().where(Filter.type(type))).items();
    }
}
