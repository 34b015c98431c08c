package io.memos4j.core;

import io.memos4j.api.tasks.TaskKind;
import io.memos4j.core.adapters.AdapterTrainingTask;
import io.memos4j.core.adapters.AdapterTrainingTrigger;
import io.memos4j.core.consolidation.DuplicateMergeTask;
import io.memos4j.core.consolidation.LinkTask;
import io.memos4j.core.consolidation.ProfileTask;
import io.memos4j.core.consolidation.PromoteTask;
import io.memos4j.core.consolidation.ReconcileTask;
import io.memos4j.core.consolidation.SummarizeTask;
import io.memos4j.core.cube.StoredMemCube;
import io.memos4j.core.kvcache.PromptPrefixPromoter;
import io.memos4j.core.retention.CapacityTask;
import io.memos4j.core.retention.DecayTask;
import io.memos4j.core.retention.ExpireTask;
import io.memos4j.core.retention.HottestUsedItems;
import io.memos4j.core.retention.PreloadTask;
import io.memos4j.core.tasks.ModelBudget;
import io.memos4j.core.tasks.TaskHandler;
import io.memos4j.core.tasks.TaskOutcome;
import io.memos4j.spi.kvcache.PromotionTarget;
import io.memos4j.spi.vault.Vault;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** The background tasks of an open engine. */
final class TaskHandlerFactory {
    private final Engine engine;
    private final Optional<ModelBudget> budget;

    TaskHandlerFactory(Engine engine, Optional<ModelBudget> budget) {
        this.engine = engine;
        this.budget = budget;
    }

    /** One for each kind that there are means for, but that of vectors. */
    Map<TaskKind, TaskHandler> handlers() {
        Vault vault = engine.vault();
        Map<TaskKind, TaskHandler> upkeep = new EnumMap<>(TaskKind.class);
        engine.extraction().ifPresent(task -> upkeep.put(TaskKind.EXTRACT, task));
        upkeep.put(TaskKind.EXPIRE, new ExpireTask(engine.reader()::now));
        upkeep.put(TaskKind.DECAY, new DecayTask(vault, engine.reader()::now));
        upkeep.put(TaskKind.CAPACITY, new CapacityTask(vault, engine.reader()::now));
        upkeep.put(TaskKind.PRELOAD, new PreloadTask(vault, engine.searcher()::searchUnrecorded, engine.reader()::now));
        upkeep.put(TaskKind.LINK, new LinkTask(vault, engine.indexes(), engine.vectors(), engine.clock()));
        upkeep.put(
                TaskKind.MERGE,
                new DuplicateMergeTask(
                        vault,
                        engine.indexes(),
                        engine.successions(),
                        engine.config().zone()));
        upkeep.put(TaskKind.RECONCILE, new ReconcileTask(vault, engine.successions()));
        upkeep.put(
                TaskKind.SUMMARIZE,
                new SummarizeTask(
                        vault,
                        engine.reader(),
                        engine.config().zone(),
                        engine.config()
                                .extraction()
                                .map(how -> new SummarizeTask.SummaryModel(how.model(), budget.orElseThrow()))));
        upkeep.put(TaskKind.PROFILE, new ProfileTask(vault, engine.reader()));
        List<PromotionTarget> targets =
                new ArrayList<>(engine.config().background().targets());
        if (engine.activations().answers()) {
            targets.add(new PromptPrefixPromoter(vault, engine.activations(), engine.clock()));
        }
        if (engine.config().training().isPresent()) {
            upkeep.put(TaskKind.TEACH, new AdapterTrainingTask(engine.parametrics()));
            targets.add(new AdapterTrainingTrigger(
                    vault, engine.parametrics(), () -> engine.scheduler().newId(), engine.reader()::now));
        }
        if (!targets.isEmpty()) {
            upkeep.put(
                    TaskKind.PROMOTE,
                    new PromoteTask(vault, new HottestUsedItems(engine.reader()::now), targets, engine.clock()));
        }
        upkeep.put(TaskKind.REINDEX, run -> {
            new StoredMemCube(engine, run.cube()).reindex();
            return TaskOutcome.done("rebuilt from the vault");
        });
        upkeep.put(TaskKind.COMPACT, run -> {
            new StoredMemCube(engine, run.cube()).compact();
            return TaskOutcome.done("compacted");
        });
        return upkeep;
    }
}
