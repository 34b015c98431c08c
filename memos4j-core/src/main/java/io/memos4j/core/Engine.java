package io.memos4j.core;

import io.memos4j.api.CubeId;
import io.memos4j.api.ErrorCode;
import io.memos4j.api.MemoryException;
import io.memos4j.api.TaskId;
import io.memos4j.api.TaskKind;
import io.memos4j.api.TaskKind.Lane;
import io.memos4j.core.activation.Activations;
import io.memos4j.core.embedding.VectorSpace;
import io.memos4j.core.governance.Actor;
import io.memos4j.core.governance.Governance;
import io.memos4j.core.index.OpenIndexes;
import io.memos4j.core.lifecycle.Extractions;
import io.memos4j.core.lifecycle.Rollbacks;
import io.memos4j.core.lifecycle.SteadyClock;
import io.memos4j.core.lifecycle.Successions;
import io.memos4j.core.lifecycle.TimeToLive;
import io.memos4j.core.operator.Searcher;
import io.memos4j.core.parametric.Parametrics;
import io.memos4j.core.parametric.ToldQuestions;
import io.memos4j.core.reader.Admission;
import io.memos4j.core.reader.Fingerprint;
import io.memos4j.core.reader.InputReader;
import io.memos4j.core.reader.RecentContext;
import io.memos4j.core.scheduler.EmbedTask;
import io.memos4j.core.scheduler.ExtractTask;
import io.memos4j.core.scheduler.Housekeeping;
import io.memos4j.core.scheduler.ModelBudget;
import io.memos4j.core.scheduler.Retry;
import io.memos4j.core.scheduler.Scheduler;
import io.memos4j.core.scheduler.SchedulerThread;
import io.memos4j.core.scheduler.Signal;
import io.memos4j.core.scheduler.TaskHandler;
import io.memos4j.core.scheduler.Triggers;
import io.memos4j.core.scheduler.WakingVault;
import io.memos4j.core.upkeep.PreloadTask;
import io.memos4j.core.working.UseRecorder;
import io.memos4j.spi.CubeIndexProvider;
import io.memos4j.spi.CubeKey;
import io.memos4j.spi.CubeRow;
import io.memos4j.spi.LanguageModel;
import io.memos4j.spi.Vault;
import io.memos4j.spi.VaultProvider;
import io.memos4j.spi.VaultWriter;
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
final class Engine implements AutoCloseable {
    /** Tasks that run at once; the lanes of vectors and models are for work that takes long, that of upkeep is short. */
    private static final Map<Lane, Integer> SLOTS =
            Map.of(Lane.VECTORS, 2, Lane.MODEL, 4, Lane.UPKEEP, 4, Lane.TRAINING, 1);

    private final MemOsConfig config;
    private final Vault vault;
    private final OpenIndexes indexes;
    private final Optional<VectorSpace> vectors;
    private final Searcher searcher;
    private final SteadyClock clock;
    private final InputReader reader;
    private final Rollbacks rollbacks;
    private final Admission admission;
    private final Successions successions;
    private final Optional<ExtractTask> extraction;
    private final Activations activations;
    private final Parametrics parametrics;
    private final Map<TaskKind, TaskHandler> handlers = new EnumMap<>(TaskKind.class);
    private final ExecutorService executor = Executors.newCachedThreadPool(
            Thread.ofPlatform().name("memos4j-task-", 0).daemon().factory());
    private final Signal changed = new Signal();
    private final Actor actor = new Actor();
    private final Governance governance;
    private final Scheduler scheduler;
    private final Triggers triggers;
    private final TimeToLive timeToLive;
    private final UseRecorder uses;
    private final Deque<AutoCloseable> parts;
    private final AtomicBoolean closed = new AtomicBoolean();

    private Engine(MemOsConfig config, Supplier<UUID> ids, Deque<AutoCloseable> parts) {
        this.config = config;
        this.parts = parts;
        parts.push(DirectoryLock.of(config.directory()));
        this.vectors = opened(VectorSpace.of(config.embedding()));
        Vault stored = provider(VaultProvider.class, "memos4j-vault-sqlite")
                .open(config.directory(), config.limits().vaultBytes());
        WakingVault waking = opened(new WakingVault(stored, changed, actor::current));
        this.vault = waking;
        this.indexes = opened(new OpenIndexes(
                vault,
                provider(CubeIndexProvider.class, "memos4j-index-lucene"),
                config.directory().resolve("index"),
                config.limits().openIndexes()));
        RecentContext recent = new RecentContext();
        UseRecorder.Follow preload = PreloadTask.asking(config.clock()::instant, () -> new TaskId(ids.get()));
        boolean preloads = !config.background().omitted().contains(TaskKind.PRELOAD);
        this.uses = opened(new UseRecorder(vault, preloads ? preload : (writer, cube, session) -> {}));
        this.searcher = opened(new Searcher(
                vault,
                indexes,
                vectors,
                recent,
                new Searcher.Setting(config.clock(), config.zone(), config.reranker(), config.omitted(), uses)));
        Instant last = vault.read(each -> each.past().latest()).orElse(Instant.EPOCH);
        this.clock = new SteadyClock(config.clock(), last.plusMillis(1));
        // Who may do what, and who did, asks for no task: those writes wake nobody.
        this.governance = opened(new Governance(stored, clock, new SecureRandom()));
        this.reader = new InputReader(config.limits(), clock, ids);
        this.rollbacks = new Rollbacks(reader, clock);
        this.admission = new Admission(recent);
        this.timeToLive = new TimeToLive(reader::now, () -> new TaskId(ids.get()));
        this.successions =
                new Successions(reader::now, InputReader::statement, statement -> Fingerprint.of(statement.key()));
        Optional<ModelBudget> budget =
                config.reading().map(how -> new ModelBudget(how.tokensPerDay(), how.callsPerDay(), config.clock()));
        this.extraction = config.reading().map(how -> {
            LanguageModel model = opened(how.model());
            return new ExtractTask(
                    vault,
                    indexes,
                    new ExtractTask.Setting(
                            model, new Extractions(reader, successions), budget.orElseThrow(), config.zone(), ids));
        });
        this.activations =
                opened(new Activations(vault, config.directory().resolve("activation"), config.answering(), clock));
        this.parametrics = opened(parametrics(budget));
        waking.after(this::after);
        vectors.ifPresent(space -> handlers.put(TaskKind.EMBED, opened(new EmbedTask(vault, indexes, space))));
        handlers.putAll(new EngineTasks(this, budget).handlers());
        handlers.keySet().removeAll(config.background().omitted());
        this.scheduler = scheduler(ids);
        this.triggers = new Triggers(scheduler, reader::now);
        triggers.opened(vault, vectors.map(VectorSpace::id).orElse(""));
        opened(new Housekeeping(vault, indexes, config.clock()));
    }

    private Parametrics parametrics(Optional<ModelBudget> budget) {
        return new Parametrics(new Parametrics.Setting(
                vault,
                config.directory().resolve("adapters"),
                config.learning(),
                config.answering()
                        .filter(Answering.Local.class::isInstance)
                        .map(how -> ((Answering.Local) how).runtime()),
                vectors,
                config.reading().map(how -> new ToldQuestions(how.model(), budget.orElseThrow(), vault)),
                activations::forget,
                reader::now));
    }

    /** What follows from a write: the other forms of what it changed are erased, and what was taught is to be taught anew. */
    private Optional<Runnable> after(VaultWriter writer) {
        for (CubeKey cube : parametrics.suspended(writer)) {
            triggers.suspended(writer, cube);
        }
        List<Runnable> all = Stream.of(activations.after(writer), parametrics.after(writer))
                .flatMap(Optional::stream)
                .toList();
        return all.isEmpty() ? Optional.empty() : Optional.of(() -> all.forEach(Runnable::run));
    }

    /** Begins the background work. */
    Engine start() {
        opened(new SchedulerThread(scheduler, config.clock(), executor));
        return this;
    }

    private Scheduler scheduler(Supplier<UUID> ids) {
        Scheduler made = new Scheduler(
                vault,
                handlers,
                new Scheduler.Setting(
                        config.clock(), ids, RandomGenerator.getDefault(), Retry.DEFAULT, SLOTS, executor, changed));
        made.takeOver();
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

    Vault vault() {
        return vault;
    }

    OpenIndexes indexes() {
        return indexes;
    }

    Optional<VectorSpace> vectors() {
        return vectors;
    }

    Searcher searcher() {
        return searcher;
    }

    InputReader reader() {
        return reader;
    }

    Admission admission() {
        return admission;
    }

    Successions successions() {
        return successions;
    }

    Rollbacks rollbacks() {
        return rollbacks;
    }

    /** The time of recording. */
    SteadyClock clock() {
        return clock;
    }

    TimeToLive timeToLive() {
        return timeToLive;
    }

    /** Notes what is used. */
    UseRecorder uses() {
        return uses;
    }

    /** What lets a language model read, if there is one. */
    Optional<ExtractTask> extraction() {
        return extraction;
    }

    /** What answers conversations, and what is computed for it. */
    Activations activations() {
        return activations;
    }

    /** What was taught to the model that answers. */
    Parametrics parametrics() {
        return parametrics;
    }

    Scheduler scheduler() {
        return scheduler;
    }

    /** What the scheduler runs. */
    Map<TaskKind, TaskHandler> handlers() {
        return Map.copyOf(handlers);
    }

    /** The door to the background tasks. */
    EngineScheduler tasks() {
        return new EngineScheduler(vault, scheduler, reader::now, actor::current);
    }

    /** Who may do what. */
    Governance governance() {
        return governance;
    }

    /** In whose name callers write. */
    Actor actor() {
        return actor;
    }

    Triggers triggers() {
        return triggers;
    }

    Optional<CubeRow> find(CubeId id) {
        return vault.read(each -> each.findCube(id));
    }

    CubeRow existing(CubeId id) {
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

    void requireFree(VaultWriter writer, CubeId id) {
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
        Deleted deleted = governance.withdrawing(writer -> {
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
