package io.memos4j.core;

import io.memos4j.api.TaskKind;
import io.memos4j.core.activation.PromotedBeginnings;
import io.memos4j.core.consolidation.Consolidation;
import io.memos4j.core.consolidation.PromoteTask;
import io.memos4j.core.consolidation.SummarizeTask;
import io.memos4j.core.parametric.TeachTask;
import io.memos4j.core.parametric.Teaching;
import io.memos4j.core.scheduler.ModelBudget;
import io.memos4j.core.scheduler.Outcome;
import io.memos4j.core.scheduler.TaskHandler;
import io.memos4j.core.upkeep.CapacityTask;
import io.memos4j.core.upkeep.DecayTask;
import io.memos4j.core.upkeep.ExpireTask;
import io.memos4j.core.upkeep.HottestUsed;
import io.memos4j.core.upkeep.PreloadTask;
import io.memos4j.spi.PromotionTarget;
import io.memos4j.spi.Vault;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** The background tasks of an open engine. */
final class EngineTasks {
    private final Engine engine;
    private final Optional<ModelBudget> budget;

    EngineTasks(Engine engine, Optional<ModelBudget> budget) {
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
        upkeep.put(TaskKind.PRELOAD, new PreloadTask(vault, engine.searcher(), engine.reader()::now));
        upkeep.putAll(Consolidation.handlers(new Consolidation.Parts(
                vault,
                engine.indexes(),
                engine.vectors(),
                engine.reader(),
                engine.successions(),
                engine.clock(),
                engine.config().zone(),
                engine.config().reading().map(how -> new SummarizeTask.Telling(how.model(), budget.orElseThrow())))));
        List<PromotionTarget> targets =
                new ArrayList<>(engine.config().background().targets());
        if (engine.activations().answers()) {
            targets.add(new PromotedBeginnings(vault, engine.activations(), engine.clock()));
        }
        if (engine.config().learning().isPresent()) {
            upkeep.put(TaskKind.TEACH, new TeachTask(engine.parametrics()));
            targets.add(new Teaching(
                    vault, engine.parametrics(), () -> engine.scheduler().newId(), engine.reader()::now));
        }
        if (!targets.isEmpty()) {
            upkeep.put(
                    TaskKind.PROMOTE,
                    new PromoteTask(vault, new HottestUsed(engine.reader()::now), targets, engine.clock()));
        }
        upkeep.put(TaskKind.REINDEX, run -> {
            new EngineCube(engine, run.cube()).reindex();
            return Outcome.done("rebuilt from the vault");
        });
        upkeep.put(TaskKind.COMPACT, run -> {
            new EngineCube(engine, run.cube()).compact();
            return Outcome.done("compacted");
        });
        return upkeep;
    }
}
