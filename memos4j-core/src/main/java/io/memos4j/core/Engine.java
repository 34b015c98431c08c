package io.memos4j.core;

import io.memos4j.api.CubeId;
import io.memos4j.api.ErrorCode;
import io.memos4j.api.MemoryException;
import io.memos4j.api.tasks.TaskId;
import io.memos4j.api.tasks.TaskKind;
import io.memos4j.api.tasks.TaskKind.Lane;
import io.memos4j.core.access.ActorContext;
import io.memos4j.core.access.DefaultMemGovernance;
import io.memos4j.core.adapters.AdapterDirectory;
import io.memos4j.core.adapters.AdapterRouter;
import io.memos4j.core.adapters.AdapterService;
import io.memos4j.core.adapters.AdapterServing;
import io.memos4j.core.adapters.AdapterTrainingService;
import io.memos4j.core.adapters.LlmQuestionGenerator;
import io.memos4j.core.cube.TaskTriggers;
import io.memos4j.core.embedding.EmbedTask;
import io.memos4j.core.embedding.VectorSpace;
import io.memos4j.core.extraction.ExtractTask;
import io.memos4j.core.extraction.ProposalApplier;
import io.memos4j.core.extraction.WindowReader;
import io.memos4j.core.history.MonotonicClock;
import io.memos4j.core.history.RollbackExecutor;
import io.memos4j.core.history.Supersession;
import io.memos4j.core.index.CubeIndexManager;
import io.memos4j.core.ingest.ContentFingerprint;
import io.memos4j.core.ingest.ContextEchoDetector;
import io.memos4j.core.ingest.DuplicateDetector;
import io.memos4j.core.ingest.InputParser;
import io.memos4j.core.kvcache.KvCacheService;
import io.memos4j.core.retention.PreloadTask;
import io.memos4j.core.retention.TimeToLive;
import io.memos4j.core.retention.UsageRecorder;
import io.memos4j.core.search.SearchService;
import io.memos4j.core.tasks.ChangeSignal;
import io.memos4j.core.tasks.DefaultMemScheduler;
import io.memos4j.core.tasks.ModelBudget;
import io.memos4j.core.tasks.NotifyingVault;
import io.memos4j.core.tasks.RetryPolicy;
import io.memos4j.core.tasks.SchedulerThread;
import io.memos4j.core.tasks.TaskHandler;
import io.memos4j.core.tasks.TaskScheduler;
import io.memos4j.spi.CubeKey;
import io.memos4j.spi.CubeRow;
import io.memos4j.spi.index.CubeIndexProvider;
import io.memos4j.spi.models.LanguageModel;
import io.memos4j.spi.runtime.ActivationRuntime;
import io.memos4j.spi.vault.Vault;
import io.memos4j.spi.vault.VaultProvider;
import io.memos4j.spi.vault.VaultWriter;
import java.security.SecureRandom;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.ServiceLoader;
import java.util.UUID;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Supplier;
import java.util.random.RandomGenerator;
import java.util.stream.Stream;

/** The parts of an open engine, wired together; opened bottom up, closed top down. Thread-safe. */
public final class Engine implements AutoCloseable {
    /**
     * Tasks that run at once; the lanes of vectors and models are for work that takes long, that of upkeep is short.
     */
    private static final Map<Lane, Integer> SLOTS =
            Map.of(Lane.VECTORS, 2, Lane.MODEL, 4, Lane.UPKEEP, 4, Lane.TRAINING, 1);

    private final MemOsConfig config;
    private final Vault vault;
    private final CubeIndexManager indexes;
    private final Optional<VectorSpace> vectors;
    private final SearchService searcher;
    private final MonotonicClock clock;
    private final InputParser reader;
    private final RollbackExecutor rollbacks;
    private final DuplicateDetector admission;
    private final Supersession successions;
    private final Optional<ExtractTask> extraction;
    private final KvCacheService activations;
    private final AdapterService parametrics;
    private final Map<TaskKind, TaskHandler> handlers = new EnumMap<>(TaskKind.class);
    private final ExecutorService executor = Executors.newCachedThreadPool(
            Thread.ofPlatform().name("memos4j-task-", 0).daemon().factory());
    private final ChangeSignal changed = new ChangeSignal();
    private final ActorContext actor = new ActorContext();
    private final DefaultMemGovernance governance;
    private final TaskScheduler scheduler;
    private final TaskTriggers triggers;
    private final TimeToLive timeToLive;
    private final UsageRecorder uses;
    private final Deque<AutoCloseable> parts;
    private final AtomicBoolean closed = new AtomicBoolean();

    private Engine(MemOsConfig config, Supplier<UUID> ids, Deque<AutoCloseable> parts) {
        this.config = config;
        this.parts = parts;
        parts.push(DirectoryLock.acquire(config.directory()));
        this.vectors = opened(VectorSpace.of(config.embedding()));
        Vault stored = provider(VaultProvider.class, "memos4j-vault-sqlite")
                .open(config.directory(), config.limits().vaultBytes());
        NotifyingVault waking = opened(new NotifyingVault(stored, changed, actor::current));
        this.vault = waking;
        this.indexes = opened(new CubeIndexManager(
                vault,
                provider(CubeIndexProvider.class, "memos4j-index-lucene"),
                config.directory().resolve("index"),
                config.limits().openIndexes()));
        ContextEchoDetector recent = new ContextEchoDetector();
        UsageRecorder.SessionListener preload =
                PreloadTask.enqueuer(config.clock()::instant, () -> new TaskId(ids.get()));
        boolean preloads = !config.background().omitted().contains(TaskKind.PRELOAD);
        this.uses = opened(new UsageRecorder(vault, preloads ? preload : (writer, cube, session) -> {}));
        this.searcher = opened(new SearchService(vault, indexes, vectors, uses, config));
        searcher.watch((cubes, result) -> {
            List<String> lines = result.context().lines().toList();
            cubes.forEach(cube -> recent.recordReturned(cube.key(), lines));
        });
        Instant last = vault.read(each -> each.history().lastChange()).orElse(Instant.EPOCH);
        this.clock = new MonotonicClock(config.clock(), last.plusMillis(1));
        // Who may do what, and who did, asks for no task: those writes wake nobody.
        this.governance = opened(new DefaultMemGovernance(stored, clock, new SecureRandom()));
        this.reader = new InputParser(config.limits(), clock, ids);
        this.rollbacks = new RollbackExecutor(reader, clock);
        this.admission = new DuplicateDetector(recent);
        this.timeToLive = new TimeToLive(reader::now, () -> new TaskId(ids.get()));
        this.successions = new Supersession(
                reader::now, InputParser::parseStatement, statement -> ContentFingerprint.of(statement.key()));
        Optional<ModelBudget> budget =
                config.extraction().map(how -> new ModelBudget(how.tokensPerDay(), how.callsPerDay(), config.clock()));
        this.extraction = config.extraction().map(how -> {
            LanguageModel model = opened(how.model());
            return new ExtractTask(
                    vault,
                    new WindowReader(vault, indexes, model, config.zone()),
                    new ProposalApplier(reader, successions),
                    budget.orElseThrow(),
                    ids);
        });
        this.activations =
                opened(new KvCacheService(vault, config.directory().resolve("activation"), config.chat(), clock));
        this.parametrics = opened(parametrics(budget));
        waking.after(this::after);
        vectors.ifPresent(space -> handlers.put(TaskKind.EMBED, opened(new EmbedTask(vault, indexes, space))));
        handlers.putAll(new TaskHandlerFactory(this, budget).handlers());
        handlers.keySet().removeAll(config.background().omitted());
        this.scheduler = scheduler(ids);
        this.triggers = new TaskTriggers(scheduler, reader::now);
        triggers.onOpen(vault, vectors.map(VectorSpace::id).orElse(""));
        opened(new MaintenanceTimer(vault, indexes, config.clock()));
    }

    private AdapterService parametrics(Optional<ModelBudget> budget) {
        AdapterDirectory folder = new AdapterDirectory(config.directory().resolve("adapters"));
        Optional<ActivationRuntime> runtime = config.chat()
                .filter(ChatConfig.LocalModel.class::isInstance)
                .map(how -> ((ChatConfig.LocalModel) how).runtime());
        Optional<LlmQuestionGenerator> questions =
                config.extraction().map(how -> new LlmQuestionGenerator(how.model(), budget.orElseThrow(), vault));
        return new AdapterService(
                vault,
                folder,
                runtime.flatMap(each -> serving(folder, each)),
                config.training()
                        .flatMap(how -> runtime.map(
                                each -> new AdapterTrainingService(how, each, folder, questions, reader::now))),
                reader::now);
    }

    private Optional<AdapterServing> serving(AdapterDirectory folder, ActivationRuntime runtime) {
        int most = AdapterServing.maxCombined(runtime, config.training());
        return most == 0
                ? Optional.empty()
                : Optional.of(new AdapterServing(
                        runtime, folder, new AdapterRouter(vault, vectors, most), activations::evict));
    }

    /**
     * What follows from a write: the other forms of what it changed are erased, and what was taught is to be taught
     * anew.
     */
    private Optional<Runnable> after(VaultWriter writer) {
        for (CubeKey cube : parametrics.cubesToRetrain(writer)) {
            triggers.onAdapterSuspended(writer, cube);
        }
        List<Runnable> all = Stream.of(activations.afterCommit(writer), parametrics.afterCommit(writer))
                .flatMap(Optional::stream)
                .toList();
        return all.isEmpty() ? Optional.empty() : Optional.of(() -> all.forEach(Runnable::run));
    }

    /** Begins the background work. */
    Engine start() {
        opened(new SchedulerThread(scheduler, config.clock(), executor));
        return this;
    }

    private TaskScheduler scheduler(Supplier<UUID> ids) {
        TaskScheduler made = new TaskScheduler(
                vault,
                handlers,
                new TaskScheduler.Setting(
                        config.clock(),
                        ids,
                        RandomGenerator.getDefault(),
                        RetryPolicy.DEFAULT,
                        SLOTS,
                        executor,
                        changed));
        made.reclaimAbandoned();
        return made;
    }

    static Engine open(MemOsConfig config, Supplier<UUID> ids) {
        Deque<AutoCloseable> parts = new ArrayDeque<>();
        try {
            return new Engine(config, ids, parts);
        } catch (RuntimeException | Error e) {
            closeAll(parts, Optional.of(e));
            throw e;
        }
    }

    MemOsConfig config() {
        return config;
    }

    public Vault vault() {
        return vault;
    }

    public CubeIndexManager indexes() {
        return indexes;
    }

    public Optional<VectorSpace> vectors() {
        return vectors;
    }

    public SearchService searcher() {
        return searcher;
    }

    public InputParser reader() {
        return reader;
    }

    public DuplicateDetector admission() {
        return admission;
    }

    public Supersession successions() {
        return successions;
    }

    public RollbackExecutor rollbacks() {
        return rollbacks;
    }

    /** The time of recording. */
    public MonotonicClock clock() {
        return clock;
    }

    public TimeToLive timeToLive() {
        return timeToLive;
    }

    /** Notes what is used. */
    public UsageRecorder uses() {
        return uses;
    }

    /** What lets a language model read, if there is one. */
    public Optional<ExtractTask> extraction() {
        return extraction;
    }

    /** What answers conversations, and what is computed for it. */
    public KvCacheService activations() {
        return activations;
    }

    /** What was taught to the model that answers. */
    public AdapterService parametrics() {
        return parametrics;
    }

    public TaskScheduler scheduler() {
        return scheduler;
    }

    /** What the scheduler runs. */
    Map<TaskKind, TaskHandler> handlers() {
        return Map.copyOf(handlers);
    }

    /** The door to the background tasks. */
    public DefaultMemScheduler tasks() {
        return new DefaultMemScheduler(vault, scheduler, reader::now, actor::current);
    }

    /** Who may do what. */
    DefaultMemGovernance governance() {
        return governance;
    }

    /** In whose name callers write. */
    ActorContext actor() {
        return actor;
    }

    public TaskTriggers triggers() {
        return triggers;
    }

    Optional<CubeRow> find(CubeId id) {
        return vault.read(each -> each.findCube(id));
    }

    public CubeRow existing(CubeId id) {
        return find(id).orElseThrow(
                        () -> new MemoryException(ErrorCode.CUBE_NOT_FOUND, "There is no cube '" + id + "'."));
    }

    CubeRow findOrCreate(CubeId id) {
        return vault.write(writer -> writer.findCube(id).orElseGet(() -> create(writer, id)));
    }

    CubeRow create(CubeId id) {
        return vault.write(writer -> {
            requireFree(writer, id);
            return create(writer, id);
        });
    }

    public void requireFree(VaultWriter writer, CubeId id) {
        if (writer.findCube(id).isPresent()) {
            throw new MemoryException(
                    ErrorCode.CUBE_EXISTS, "Cube '" + id + "' exists already. Use it, or choose another name.");
        }
    }

    private CubeRow create(VaultWriter writer, CubeId id) {
        return writer.createCube(
                id,
                vectors.map(VectorSpace::id).orElse(""),
                vectors.map(VectorSpace::dimension).orElse(0),
                reader.now());
    }

    void delete(CubeId id) {
        record Deleted(CubeRow row, Optional<Runnable> after) {}
        Deleted deleted = governance.writeRevoking(writer -> {
            CubeRow found = writer.findCube(id)
                    .orElseThrow(() -> new MemoryException(ErrorCode.CUBE_NOT_FOUND, "There is no cube '" + id + "'."));
            writer.deleteCube(found.key());
            return new Deleted(found, after(writer));
        });
        indexes.drop(deleted.row);
        deleted.after.ifPresent(Runnable::run);
    }

    void compact() {
        indexes.dropOrphans(
                vault.read(each -> each.cubes().stream().map(CubeRow::key).toList()));
        for (CubeRow cube : vault.read(each -> each.cubes())) {
            indexes.use(cube, index -> {
                index.expunge();
                return index.appliedSeq();
            });
        }
        vault.compact();
    }

    @Override
    public void close() {
        if (closed.compareAndSet(false, true)) {
            closeAll(parts, Optional.empty());
        }
    }

    private <T extends AutoCloseable> T opened(T part) {
        parts.push(part);
        return part;
    }

    private <T extends AutoCloseable> Optional<T> opened(Optional<T> part) {
        part.ifPresent(parts::push);
        return part;
    }

    static <T> T provider(Class<T> type, String module) {
        return ServiceLoader.load(type)
                .findFirst()
                .orElseThrow(() -> new MemoryException(
                        ErrorCode.INVALID_CONFIGURATION,
                        "No " + type.getSimpleName() + " is on the class path. Add " + module + "."));
    }

    /** Closes top down; the first failure is thrown at the end, or added to {@code cause} if there is one. */
    private static void closeAll(Deque<AutoCloseable> parts, Optional<Throwable> cause) {
        Optional<Throwable> failure = cause;
        while (!parts.isEmpty()) {
            try {
                parts.pop().close();
            } catch (Exception e) {
                failure.ifPresent(first -> first.addSuppressed(e));
                failure = failure.isPresent() ? failure : Optional.of(e);
            }
        }
        if (cause.isEmpty() && failure.isPresent()) {
            throw failure.get() instanceof RuntimeException runtime
                    ? runtime
                    : new MemoryException(
                            ErrorCode.STORAGE_FAILED, "The memory system did not close cleanly.", failure.get());
        }
    }
}
