package io.memos4j.core;

import io.memos4j.api.tasks.TaskKind;
import io.memos4j.core.access.DefaultMemGovernance;
import io.memos4j.core.adapters.AdapterDirectory;
import io.memos4j.core.adapters.AdapterRouter;
import io.memos4j.core.adapters.AdapterService;
import io.memos4j.core.adapters.AdapterServing;
import io.memos4j.core.adapters.AdapterTrainingService;
import io.memos4j.core.adapters.LlmQuestionGenerator;
import io.memos4j.core.consolidation.DerivedMemoryRefresher;
import io.memos4j.core.cube.DeleteOperation;
import io.memos4j.core.extraction.ExtractTask;
import io.memos4j.core.extraction.ProposalApplier;
import io.memos4j.core.extraction.WindowReader;
import io.memos4j.core.history.Supersession;
import io.memos4j.core.ingest.ContextEchoDetector;
import io.memos4j.core.ingest.InputParser;
import io.memos4j.core.kvcache.KvCacheService;
import io.memos4j.core.retention.PreloadTask;
import io.memos4j.core.retention.TimeToLive;
import io.memos4j.core.retention.UsageRecorder;
import io.memos4j.core.search.SearchService;
import io.memos4j.core.tasks.ModelBudget;
import io.memos4j.spi.runtime.ActivationRuntime;
import java.security.SecureRandom;
import java.util.List;
import java.util.Optional;

/**
 * The middle layer of an engine: what parses, searches, supersedes, extracts, answers and teaches, over the vault and
 * the indexes.
 */
final class ServiceLayer {
    final ContextEchoDetector recent = new ContextEchoDetector();
    final UsageRecorder usage;
    final SearchService search;
    final DefaultMemGovernance governance;
    final InputParser parser;
    final TimeToLive timeToLive;
    final Supersession supersession;
    final Optional<ModelBudget> budget;
    final Optional<ExtractTask> extraction;
    final KvCacheService kvCache;
    final AdapterService adapters;
    final DerivedMemoryRefresher refresher;
    final DeleteOperation deletion;

    ServiceLayer(StorageLayer storage, ResourceStack resources) {
        MemOsConfig config = storage.config;
        UsageRecorder.SessionListener preload = PreloadTask.enqueuer(config.clock(), storage.ids);
        boolean preloads = !config.background().omitted().contains(TaskKind.PRELOAD);
        this.usage =
                resources.add(new UsageRecorder(storage.vault, preloads ? preload : (writer, cube, session) -> {}));
        this.search = resources.add(
                new SearchService(storage.vault, storage.indexes, storage.vectors, usage, storage.trust::owns, config));
        search.watch((cubes, result) -> {
            List<String> lines = result.context().lines().toList();
            cubes.forEach(cube -> recent.recordReturned(cube.key(), lines));
        });
        this.governance = resources.add(new DefaultMemGovernance(
                storage.silentVault, storage.audit, storage.clock::present, new SecureRandom()));
        this.parser = new InputParser(config.limits(), storage.clock, storage.ids, storage.trust);
        this.timeToLive = new TimeToLive(storage.clock::present, storage.ids);
        this.supersession = new Supersession(storage.clock);
        this.budget = config.extraction()
                .map(settings -> new ModelBudget(settings.tokensPerDay(), settings.callsPerDay(), config.clock()));
        this.extraction = config.extraction().map(settings -> {
            resources.add(settings.model());
            return new ExtractTask(
                    storage.vault,
                    new WindowReader(storage.vault, storage.indexes, settings.model(), config.zone()),
                    new ProposalApplier(parser, supersession, storage.clock, storage.ids),
                    budget.orElseThrow(),
                    storage.ids);
        });
        this.kvCache = resources.add(new KvCacheService(
                storage.vault,
                config.directory().resolve("activation"),
                config.chat(),
                storage.trust::owns,
                storage.clock::present));
        this.adapters = resources.add(adapters(storage, kvCache, budget));
        this.refresher = new DerivedMemoryRefresher(storage.clock::present, storage.ids);
        this.deletion = new DeleteOperation(supersession, adapters, refresher, storage.clock::present);
    }

    private static AdapterService adapters(StorageLayer storage, KvCacheService kvCache, Optional<ModelBudget> budget) {
        MemOsConfig config = storage.config;
        AdapterDirectory folder = new AdapterDirectory(config.directory().resolve("adapters"));
        Optional<ActivationRuntime> runtime = config.chat()
                .flatMap(chat ->
                        chat instanceof ChatConfig.LocalModel local ? Optional.of(local.runtime()) : Optional.empty());
        Optional<AdapterServing> serving = runtime.flatMap(each -> {
            int most = AdapterServing.maxCombined(each, config.training());
            return most == 0
                    ? Optional.empty()
                    : Optional.of(new AdapterServing(
                            each, folder, new AdapterRouter(storage.vault, storage.vectors, most), kvCache::evict));
        });
        Optional<LlmQuestionGenerator> questions = config.extraction()
                .map(settings -> new LlmQuestionGenerator(settings.model(), budget.orElseThrow(), storage.vault));
        Optional<AdapterTrainingService> training = config.training()
                .flatMap(settings -> runtime.map(
                        each -> new AdapterTrainingService(settings, each, folder, questions, storage.clock::present)));
        return new AdapterService(storage.vault, folder, serving, training, storage.clock::present);
    }
}
