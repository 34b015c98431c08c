package io.memos4j.core;

import io.memos4j.api.tasks.TaskKind;
import io.memos4j.api.tasks.TaskKind.Lane;
import io.memos4j.core.cube.CubeCatalog;
import io.memos4j.core.cube.DerivedFormEraser;
import io.memos4j.core.cube.EraseOperation;
import io.memos4j.core.cube.IndexOperations;
import io.memos4j.core.cube.TaskTriggers;
import io.memos4j.core.embedding.VectorSpace;
import io.memos4j.core.tasks.DefaultMemScheduler;
import io.memos4j.core.tasks.SchedulerThread;
import io.memos4j.core.tasks.TaskHandler;
import io.memos4j.core.tasks.TaskOutcome;
import io.memos4j.core.tasks.TaskRetryPolicy;
import io.memos4j.core.tasks.TaskScheduler;
import java.time.Clock;
import java.util.EnumSet;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.random.RandomGenerator;

/** The background layer of an engine: which tasks follow from what, their handlers and the scheduler that runs them. */
final class TaskLayer {
    /** Tasks that run at once. Those of vectors and models take long, those of upkeep are short. */
    private static final Map<Lane, Integer> SLOTS =
            Map.of(Lane.VECTORS, 2, Lane.MODEL, 4, Lane.UPKEEP, 4, Lane.TRAINING, 1);

    final Map<TaskKind, TaskHandler> handlers;
    final TaskTriggers triggers;
    final IndexOperations indexing;
    final EraseOperation erasure;
    final DerivedFormEraser derivedForms;
    final TaskScheduler scheduler;
    final DefaultMemScheduler tasks;
    private final Clock clock;
    private final ExecutorService executor = Executors.newCachedThreadPool(
            Thread.ofPlatform().name("memos4j-task-", 0).daemon().factory());

    TaskLayer(StorageLayer storage, ServiceLayer services, CubeCatalog catalog, ResourceStack resources) {
        this.clock = storage.config.clock();
        this.handlers = TaskHandlerFactory.handlers(storage, services, resources);
        Set<TaskKind> omitted = storage.config.background().omitted();
        Set<TaskKind> handled = EnumSet.of(TaskKind.REINDEX, TaskKind.COMPACT);
        handled.addAll(handlers.keySet());
        handled.removeAll(omitted);
        this.triggers = new TaskTriggers(handled, services.timeToLive, storage.clock::present, storage.ids);
        this.indexing = new IndexOperations(storage.vault, storage.indexes, storage.vectors, triggers);
        this.erasure = new EraseOperation(
                services.deletion, indexing, storage.signingKey, storage.config.directory(), storage.clock::present);
        handlers.put(TaskKind.REINDEX, run -> {
            indexing.reindex(catalog.handle(run.cube()));
            return TaskOutcome.done("rebuilt from the vault");
        });
        handlers.put(TaskKind.COMPACT, run -> {
            indexing.compact(catalog.handle(run.cube()));
            return TaskOutcome.done("compacted");
        });
        handlers.keySet().removeAll(omitted);
        this.scheduler = TaskScheduler.builder(storage.vault, handlers)
                .clock(clock)
                .ids(storage.ids)
                .retry(TaskRetryPolicy.DEFAULT, RandomGenerator.getDefault())
                .slots(SLOTS, executor)
                .changed(storage.changed)
                .build();
        this.tasks = new DefaultMemScheduler(
                storage.vault, scheduler, storage.clock::present, storage.actor::current, storage.calls::change);
        this.derivedForms = new DerivedFormEraser(services.kvCache, services.adapters, triggers);
        storage.vault.onCommit(derivedForms);
        scheduler.reclaimAbandoned();
        triggers.onOpen(storage.vault, storage.vectors.map(VectorSpace::id).orElse(""));
        resources.add(new MaintenanceTimer(storage.vault, storage.indexes, indexing, clock));
    }

    /** Starts to run tasks, until the returned thread is closed. */
    SchedulerThread start() {
        return new SchedulerThread(scheduler, clock, executor);
    }
}
