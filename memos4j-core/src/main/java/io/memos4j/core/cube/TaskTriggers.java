package io.memos4j.core.cube;

import io.memos4j.api.items.ItemState;
import io.memos4j.api.items.ItemType;
import io.memos4j.api.items.MemoryItem;
import io.memos4j.api.tasks.TaskKind;
import io.memos4j.api.tasks.TaskRequest;
import io.memos4j.core.clock.IdGenerator;
import io.memos4j.core.extraction.UnreadMessages;
import io.memos4j.core.retention.TimeToLive;
import io.memos4j.spi.CubeKey;
import io.memos4j.spi.CubeRow;
import io.memos4j.spi.vault.Vault;
import io.memos4j.spi.vault.VaultReader;
import io.memos4j.spi.vault.VaultWriter;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Collection;
import java.util.Set;

/** Enqueues the tasks that follow from a change, in the transaction of the change. Thread-safe. */
public final class TaskTriggers {
    /** The pause in which the rest of a conversation may come, unless there is already enough to read. */
    private static final Duration EXTRACT_AFTER = Duration.ofSeconds(20);

    /**
     * The pause after which a burst of adds is likely to be over. Nothing that a person changes and asks for next
     * depends on these tasks.
     */
    private static final Duration LINK_AFTER = Duration.ofSeconds(10);

    private static final Duration PROFILE_AFTER = Duration.ofMinutes(1);
    private static final Duration REVIEW_AFTER = Duration.ofMinutes(1);
    private static final Duration SUMMARIZE_AFTER = Duration.ofMinutes(2);
    private static final Duration PROMOTE_AFTER = Duration.ofDays(1);

    private final Set<TaskKind> handled;
    private final TimeToLive timeToLive;
    private final InstantSource clock;
    private final IdGenerator ids;

    /** @param handled the kinds of tasks that this engine has handlers for; others are not enqueued */
    public TaskTriggers(Set<TaskKind> handled, TimeToLive timeToLive, InstantSource clock, IdGenerator ids) {
        this.handled = Set.copyOf(handled);
        this.timeToLive = timeToLive;
        this.clock = clock;
        this.ids = ids;
    }

    /** Enqueues the tasks that follow an add. */
    public void onAdd(VaultWriter writer, CubeKey cube, Collection<MemoryItem> items) {
        if (items.isEmpty()) {
            return;
        }
        onTextChange(writer, cube, "add");
        if (items.stream().anyMatch(TaskTriggers::isReadable)) {
            enqueueExtraction(writer, cube, "add");
        }
        enqueueConsolidation(writer, cube, "add");
        items.stream()
                .map(item -> item.origin().session())
                .filter(session -> !session.isEmpty() && session.length() <= TaskRequest.MAX_SUBJECT)
                .distinct()
                .forEach(session -> enqueueLater(
                        writer,
                        cube,
                        SUMMARIZE_AFTER,
                        TaskRequest.of(TaskKind.SUMMARIZE).about(session).because("add")));
    }

    /** Enqueues the tasks on relations, duplicates and profiles, and once a day the promotion of stable memories. */
    private void enqueueConsolidation(VaultWriter writer, CubeKey cube, String cause) {
        enqueueLater(writer, cube, LINK_AFTER, TaskRequest.of(TaskKind.LINK).because(cause));
        enqueueLater(writer, cube, LINK_AFTER, TaskRequest.of(TaskKind.MERGE).because(cause));
        enqueueLater(
                writer, cube, PROFILE_AFTER, TaskRequest.of(TaskKind.PROFILE).because(cause));
        enqueueLater(writer, cube, REVIEW_AFTER, TaskRequest.of(TaskKind.REVIEW).because(cause));
        enqueueLater(
                writer, cube, PROMOTE_AFTER, TaskRequest.of(TaskKind.PROMOTE).because(cause));
    }

    private void enqueueLater(VaultWriter writer, CubeKey cube, Duration pause, TaskRequest request) {
        enqueue(writer, cube, request.dueAt(clock.instant().plus(pause)));
    }

    private static boolean isReadable(MemoryItem item) {
        return item.type() == ItemType.MESSAGE && item.state() == ItemState.ACTIVATED;
    }

    /** Enqueues the tasks that follow a merge or a move from another cube. */
    public void onTransfer(VaultWriter writer, CubeKey cube) {
        onTextChange(writer, cube, "transfer");
        enqueueExtraction(writer, cube, "transfer");
        enqueueConsolidation(writer, cube, "transfer");
        enqueue(writer, cube, TaskRequest.of(TaskKind.RECONCILE).because("transfer"));
        timeToLive.scheduleTasks(writer, cube);
    }

    /** Enqueues the windows of another cube that could not be read there, for the messages that came from it. */
    public void onCopy(VaultWriter writer, CubeRow from, CubeKey to) {
        UnreadMessages.skippedWindows(writer, from, to)
                .forEach(window -> enqueueLater(
                        writer,
                        to,
                        EXTRACT_AFTER,
                        TaskRequest.of(TaskKind.EXTRACT).about(window.subject()).because(window.note())));
    }

    private void enqueueExtraction(VaultWriter writer, CubeKey cube, String cause) {
        if (handled.contains(TaskKind.EXTRACT)) {
            Duration pause = UnreadMessages.areEnough(writer, cube) ? Duration.ZERO : EXTRACT_AFTER;
            enqueue(
                    writer,
                    cube,
                    TaskRequest.of(TaskKind.EXTRACT)
                            .dueAt(clock.instant().plus(pause))
                            .because(cause));
        }
    }

    /** Enqueues the tasks that follow an edit by a user. */
    public void onEdit(VaultWriter writer, CubeKey cube) {
        onTextChange(writer, cube, "update");
        enqueueLater(
                writer, cube, PROFILE_AFTER, TaskRequest.of(TaskKind.PROFILE).because("update"));
        timeToLive.scheduleTasks(writer, cube);
    }

    /**
     * Enqueues the tasks that follow a rollback or fork: some items may need vectors, and others may have expired
     * since.
     */
    public void onRestore(VaultWriter writer, CubeKey cube, String cause) {
        onTextChange(writer, cube, cause);
        timeToLive.scheduleTasks(writer, cube);
    }

    /** Enqueues the tasks that follow a change of texts. */
    public void onTextChange(VaultWriter writer, CubeKey cube, String cause) {
        enqueue(writer, cube, TaskRequest.of(TaskKind.EMBED).because(cause));
    }

    /** Enqueues the training of an adapter that lost a source. */
    public void onAdapterSuspended(VaultWriter writer, CubeKey cube) {
        if (writer.findCube(cube).isPresent()) {
            enqueue(writer, cube, TaskRequest.of(TaskKind.TEACH).because("unlearn"));
        }
    }

    /** Enqueues a task, if this engine has a handler for it. */
    public void enqueue(VaultWriter writer, CubeKey cube, TaskRequest request) {
        if (handled.contains(request.kind())) {
            writer.tasks().enqueue(cube, request, ids.nextTaskId(), clock.instant());
        }
    }

    /** Enqueues, when an engine is opened, the work that an engine without an embedder or a model has left undone. */
    public void onOpen(Vault vault, String embedder) {
        for (CubeKey cube : vault.read(reader -> reader.cubesWithPending(embedder))) {
            enqueueOnOpen(vault, cube, TaskKind.EMBED);
        }
        if (handled.contains(TaskKind.TEACH)) {
            vault.read(reader -> reader.adapters().cubesWithSuspended())
                    .forEach(cube -> enqueueOnOpen(vault, cube, TaskKind.TEACH));
        }
        if (handled.contains(TaskKind.EXTRACT)) {
            vault.read(VaultReader::cubes).stream()
                    .map(CubeRow::key)
                    .filter(cube -> vault.read(reader -> UnreadMessages.exist(reader, cube)))
                    .forEach(cube -> enqueueOnOpen(vault, cube, TaskKind.EXTRACT));
        }
    }

    private void enqueueOnOpen(Vault vault, CubeKey cube, TaskKind kind) {
        vault.change(writer -> {
            if (writer.findCube(cube).isPresent()) {
                enqueue(writer, cube, TaskRequest.of(kind).because("open"));
            }
        });
    }
}
