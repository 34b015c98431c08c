package io.memos4j.core;

import io.memos4j.api.tasks.TaskKind;
import io.memos4j.core.adapters.AdapterTrainingTask;
import io.memos4j.core.adapters.AdapterTrainingTrigger;
import io.memos4j.core.clock.MonotonicClock;
import io.memos4j.core.consolidation.ChangeReviewTask;
import io.memos4j.core.consolidation.ChangeReviewTask.ReviewModel;
import io.memos4j.core.consolidation.DerivedMemoryWriter;
import io.memos4j.core.consolidation.DuplicateMergeTask;
import io.memos4j.core.consolidation.LinkTask;
import io.memos4j.core.consolidation.ProfileTask;
import io.memos4j.core.consolidation.PromoteTask;
import io.memos4j.core.consolidation.ReconcileTask;
import io.memos4j.core.consolidation.SummarizeTask;
import io.memos4j.core.embedding.EmbedTask;
import io.memos4j.core.kvcache.PromptPrefixPromoter;
import io.memos4j.core.retention.CapacityTask;
import io.memos4j.core.retention.DecayTask;
import io.memos4j.core.retention.ExpireTask;
import io.memos4j.core.retention.HottestUsedItems;
import io.memos4j.core.retention.PreloadTask;
import io.memos4j.core.tasks.TaskHandler;
import io.memos4j.spi.kvcache.PromotionTarget;
import io.memos4j.spi.vault.Vault;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;

/** Creates the handlers of the background tasks that an engine has the means for. */
final class TaskHandlerFactory {
    private final StorageLayer storage;
    private final ServiceLayer services;
    private final Map<TaskKind, TaskHandler> handlers = new EnumMap<>(TaskKind.class);

    private TaskHandlerFactory(StorageLayer storage, ServiceLayer services) {
        this.storage = storage;
        this.services = services;
    }

    /** Returns one handler for each kind of task, except those that rebuild and compact a cube. */
    static Map<TaskKind, TaskHandler> handlers(StorageLayer storage, ServiceLayer services, ResourceStack resources) {
        TaskHandlerFactory tasks = new TaskHandlerFactory(storage, services);
        storage.vectors.ifPresent(space -> tasks.handlers.put(
                TaskKind.EMBED, resources.add(new EmbedTask(storage.vault, storage.indexes, space))));
        services.extraction.ifPresent(task -> tasks.handlers.put(TaskKind.EXTRACT, task));
        tasks.addRetention();
        tasks.addConsolidation();
        tasks.addPromotion();
        return tasks.handlers;
    }

    private void addRetention() {
        Vault vault = storage.vault;
        MonotonicClock clock = storage.clock;
        handlers.put(TaskKind.EXPIRE, new ExpireTask(services.deletion::erase, clock));
        handlers.put(TaskKind.DECAY, new DecayTask(vault, clock));
        handlers.put(TaskKind.CAPACITY, new CapacityTask(vault, clock));
        handlers.put(TaskKind.PRELOAD, new PreloadTask(vault, services.search::searchUnrecorded, clock::present));
    }

    private void addConsolidation() {
        Vault vault = storage.vault;
        MonotonicClock clock = storage.clock;
        MemOsConfig config = storage.config;
        DerivedMemoryWriter derived = new DerivedMemoryWriter(services.parser, clock, storage.ids);
        handlers.put(TaskKind.LINK, new LinkTask(vault, storage.indexes, storage.vectors, clock::present));
        handlers.put(
                TaskKind.MERGE, new DuplicateMergeTask(vault, storage.indexes, services.supersession, config.zone()));
        handlers.put(TaskKind.RECONCILE, new ReconcileTask(vault, services.supersession));
        config.extraction()
                .map(settings -> new ReviewModel(settings.model(), services.budget.orElseThrow(), config.zone()))
                .ifPresent(model -> handlers.put(
                        TaskKind.REVIEW,
                        new ChangeReviewTask(vault, storage.indexes, storage.vectors, services.supersession, model)));
        handlers.put(
                TaskKind.SUMMARIZE,
                new SummarizeTask(
                        vault,
                        derived,
                        config.zone(),
                        config.extraction()
                                .map(settings -> new SummarizeTask.SummaryModel(
                                        settings.model(), services.budget.orElseThrow())),
                        clock::present,
                        storage.ids));
        handlers.put(TaskKind.PROFILE, new ProfileTask(vault, derived, clock::present));
    }

    private void addPromotion() {
        Vault vault = storage.vault;
        MonotonicClock clock = storage.clock;
        List<PromotionTarget> targets =
                new ArrayList<>(storage.config.background().targets());
        if (services.kvCache.answers()) {
            targets.add(new PromptPrefixPromoter(vault, services.kvCache, clock::present));
        }
        if (storage.config.training().isPresent()) {
            handlers.put(TaskKind.TEACH, new AdapterTrainingTask(services.adapters));
            targets.add(new AdapterTrainingTrigger(vault, services.adapters, storage.ids, clock::present));
        }
        if (!targets.isEmpty()) {
            handlers.put(
                    TaskKind.PROMOTE,
                    new PromoteTask(vault, new HottestUsedItems(clock::present), targets, clock::present));
        }
    }
}
