package io.memos4j.core.adapters;

import io.memos4j.api.ErrorCode;
import io.memos4j.api.ItemId;
import io.memos4j.api.MemoryException;
import io.memos4j.api.Warning;
import io.memos4j.api.adapters.Adapter;
import io.memos4j.api.adapters.AdapterId;
import io.memos4j.api.adapters.AdapterState;
import io.memos4j.api.adapters.LearningPolicy;
import io.memos4j.api.adapters.ParametricMemory;
import io.memos4j.api.adapters.ParametricMemory.Curriculum;
import io.memos4j.api.adapters.ParametricMemory.Example;
import io.memos4j.api.chat.ChatReply.AdapterUse;
import io.memos4j.api.items.MemoryItem;
import io.memos4j.core.TrainingConfig;
import io.memos4j.core.embedding.VectorSpace;
import io.memos4j.core.kvcache.AdapterSelection;
import io.memos4j.spi.CubeKey;
import io.memos4j.spi.CubeRow;
import io.memos4j.spi.adapters.AdapterWriter.AffectedAdapter;
import io.memos4j.spi.kvcache.ActivationSource;
import io.memos4j.spi.runtime.ActivationRuntime;
import io.memos4j.spi.runtime.AdapterMix;
import io.memos4j.spi.vault.Vault;
import io.memos4j.spi.vault.VaultReader;
import io.memos4j.spi.vault.VaultWriter;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.BiFunction;
import java.util.function.Consumer;
import java.util.function.Predicate;
import java.util.function.Supplier;
import java.util.stream.Collectors;

/** Parametric memory: adapters that are trained, examined, chosen for questions, and unlearn. Thread-safe. */
public final class AdapterService implements AutoCloseable {
    private final Vault vault;
    private final Supplier<Instant> now;
    private final AdapterDirectory folder;
    private final AdapterRegistry registry;
    private final ForgettingProbes pending = new ForgettingProbes();
    private final Optional<LoadedAdapterCache> shelf;
    private final Optional<AdapterRouter> router;
    private final Optional<AdapterTrainingService> tutor;
    private final Optional<TrainingConfig> learning;

    /** What is being trained, by cube. */
    private final ConcurrentHashMap<CubeKey, TrainingGuard> training = new ConcurrentHashMap<>();

    private final ReentrantLock oneAtATime = new ReentrantLock();

    /**
     * What it works with.
     *
     * @param folder where adapters lie
     * @param runtime the model that answers, if it is our own
     * @param leaving told of the hash of an adapter before it is unloaded
     */
    public record Setting(
            Vault vault,
            Path folder,
            Optional<TrainingConfig> learning,
            Optional<ActivationRuntime> runtime,
            Optional<VectorSpace> vectors,
            Optional<LlmQuestionGenerator> teller,
            Consumer<String> leaving,
            Supplier<Instant> now) {}

    /** An adapter that is chosen for a question, and what the model needs to know for it. */
    public record RoutingResult(AdapterSelection selection, List<AdapterUse> routed, List<Warning> warnings) {
        /** The base alone. */
        public static final RoutingResult NONE = new RoutingResult(AdapterSelection.NONE, List.of(), List.of());
    }

    public AdapterService(Setting setting) {
        this.vault = setting.vault;
        this.now = setting.now;
        this.folder = new AdapterDirectory(setting.folder);
        this.learning = setting.learning;
        this.registry = new AdapterRegistry(vault, now, this::unloadUnused);
        Optional<ActivationRuntime> able = setting.runtime.filter(
                runtime -> runtime.capabilities().adapters().together() > 0);
        this.shelf = able.map(runtime -> new LoadedAdapterCache(runtime, setting.leaving));
        this.router =
                able.map(runtime -> new AdapterRouter(vault, setting.vectors, maxCombined(runtime, setting.learning)));
        this.tutor = setting.learning.flatMap(how ->
                setting.runtime.map(runtime -> new AdapterTrainingService(new AdapterTrainingService.Setting(
                        how,
                        runtime,
                        folder,
                        pending,
                        cube -> setting.teller
                                .map(told -> (ExampleGenerator.QuestionSource) item -> told.generate(cube, item))
                                .orElse(ExampleGenerator.QuestionSource.NONE),
                        now))));
        deleteUnreferenced();
    }

    private static int maxCombined(ActivationRuntime runtime, Optional<TrainingConfig> learning) {
        int wanted = learning.map(how -> how.bounds().maxTogether())
                .orElse(TrainingConfig.AcceptanceBounds.DEFAULT.maxTogether());
        return Math.min(wanted, runtime.capabilities().adapters().together());
    }

    /** The adapters for a question; none where nothing is close to it, or the runtime takes none. */
    public RoutingResult route(List<CubeRow> cubes, String question) {
        if (router.isEmpty()) {
            return RoutingResult.NONE;
        }
        List<AdapterMix.Part> parts = new ArrayList<>();
        List<ActivationSource> sources = new ArrayList<>();
        List<AdapterUse> shown = new ArrayList<>();
        List<Warning> warnings = new ArrayList<>();
        for (AdapterRouter.RoutedAdapter chosen : router.orElseThrow().route(cubes, question)) {
            chosen.adapter().artifact().ifPresent(artifact -> {
                try {
                    parts.add(new AdapterMix.Part(
                            shelf.orElseThrow().load(chosen.cube().key(), folder.filesOf(artifact)), chosen.scale()));
                    chosen.adapter()
                            .taught()
                            .forEach(source -> sources.add(
                                    new ActivationSource(chosen.cube().key(), source.item(), source.version())));
                    shown.add(
                            new AdapterUse(chosen.cube().id(), chosen.adapter().id(), chosen.scale(), chosen.reason()));
                } catch (MemoryException e) {
                    warnings.add(new Warning(
                            "adapter_missing", chosen.adapter().id() + " does not answer: " + e.getMessage()));
                }
            });
        }
        return new RoutingResult(new AdapterSelection(new AdapterMix(parts), sources), shown, warnings);
    }

    /** What there is to teach. */
    public Curriculum curriculum(CubeKey cube, List<ItemId> items) {
        TrainingSelection choice = vault.read(reader -> TrainingSelection.select(reader, cube, items, now.get()));
        return new Curriculum(
                ExampleGenerator.generate(choice.selected(), choice.canaries(), ExampleGenerator.QuestionSource.NONE),
                choice.rejected());
    }

    /**
     * Trains what has lost something anew, and what is new.
     *
     * @param items as in {@link ParametricMemory#train}
     */
    public List<Adapter> train(
            CubeKey cube, List<ItemId> items, TransactionRunner ledger, Predicate<ParametricMemory.Lesson> progress) {
        TrainingConfig how = require(learning, "MemOsConfig.withLearning(…)");
        require(tutor, "MemOsConfig.withAnswering(new Answering.Local(…))");
        requireConsent(cube);
        return exclusively(() -> runJobs(cube, ledger, progress, (plan, reader) -> {
            List<TrainingJob> all = new ArrayList<>(plan.retrainingJobs(items.isEmpty()));
            all.addAll(plan.newJobs(TrainingSelection.select(reader, cube, items, now.get()), how.itemsPerAdapter()));
            return all;
        }));
    }

    /** Trains anew what has lost something; and, where the policy wants it, what is new. */
    List<Adapter> retrain(CubeKey cube, TransactionRunner ledger, Predicate<ParametricMemory.Lesson> progress) {
        int size = learning.orElseThrow().itemsPerAdapter();
        return exclusively(() -> runJobs(cube, ledger, progress, (plan, reader) -> {
            LearningPolicy policy = reader.adapters().policy(cube);
            List<TrainingJob> all = new ArrayList<>(policy.consent() ? plan.retrainingJobs(false) : List.of());
            if (policy.consent() && policy.automatic()) {
                all.addAll(plan.newJobs(TrainingSelection.select(reader, cube, List.of(), now.get()), size));
            }
            return all;
        }));
    }

    /** What was trained and not examined is examined first; then the lessons of a plan are taught. */
    private List<Adapter> runJobs(
            CubeKey cube,
            TransactionRunner ledger,
            Predicate<ParametricMemory.Lesson> progress,
            BiFunction<TrainingPlanner, VaultReader, List<TrainingJob>> planned) {
        List<Adapter> all = new ArrayList<>();
        vault.read(reader -> new TrainingPlanner(reader, cube, now.get()).unevaluated())
                .forEach(adapter -> all.add(evaluateAndRecord(cube, adapter, ledger, true)));
        List<TrainingJob> lessons =
                vault.read(reader -> planned.apply(new TrainingPlanner(reader, cube, now.get()), reader));
        all.addAll(trainAll(lessons, ledger, progress));
        return all;
    }

    private List<Adapter> trainAll(
            List<TrainingJob> lessons, TransactionRunner ledger, Predicate<ParametricMemory.Lesson> progress) {
        List<Adapter> taught = new ArrayList<>();
        for (TrainingJob lesson : lessons) {
            TrainingGuard running = new TrainingGuard(vault, lesson);
            training.put(lesson.cube(), running);
            pending.add(lesson.cube(), lesson.id().name(), lesson.correctedItems());
            try {
                Adapter adapter =
                        tutor.orElseThrow().train(lesson, ledger, at -> running.mayContinue() && progress.test(at));
                taught.add(evaluateAndRecord(lesson.cube(), adapter, ledger, lesson.activate()));
                pending.clear(lesson.cube(), lesson.id().name());
            } finally {
                training.remove(lesson.cube());
                if (!running.mayContinue()) {
                    folder.deleteWork(lesson.cube());
                }
                deleteUnreferenced();
            }
        }
        return taught;
    }

    /** Examines a version again. */
    public Adapter evaluate(CubeKey cube, AdapterId id) {
        require(tutor, "MemOsConfig.withLearning(…) and MemOsConfig.withAnswering(new Answering.Local(…))");
        Adapter adapter = registry.require(cube, id);
        return exclusively(() -> evaluateAndRecord(cube, adapter, step -> vault.<Boolean>write(step::test), false));
    }

    private Adapter evaluateAndRecord(CubeKey cube, Adapter adapter, TransactionRunner ledger, boolean activate) {
        AdapterId id = adapter.id();
        List<MemoryItem> items = registry.taughtItems(cube, adapter);
        List<Example> forgotten = pending.of(cube, id.name());
        List<SensitiveTextDetector.Secret> secrets = vault.read(reader -> TrainingSelection.findSecrets(reader, cube));
        AdapterTrainingService.EvaluationResult examined =
                tutor.orElseThrow().evaluate(adapter, items, forgotten, secrets);
        boolean passed = examined.evaluation().passed();
        List<String> forgetting = new ArrayList<>(examined.forgetting());
        if (adapter.evaluation().isEmpty()) {
            forgetting.addAll(describeUnprobed(registry.erasedSources(cube, id), forgotten));
        }
        ledger.run(writer -> {
            writer.adapters().recordEvaluation(cube, id, examined.evaluation());
            forgetting.forEach(what -> writer.adapters().recordNote(cube, id, what, now.get()));
            AdapterState state = writer.adapters().find(cube, id).orElseThrow().state();
            if (passed && state == AdapterState.CANDIDATE) {
                writer.adapters().move(cube, id, AdapterState.ADMITTED, "It passed its examination.", now.get());
            }
            if (passed && activate) {
                writer.adapters().move(cube, id, AdapterState.ACTIVE, "It passed its examination.", now.get());
            }
            if (!passed && state != AdapterState.CANDIDATE && state != AdapterState.SUSPENDED) {
                writer.adapters().move(cube, id, AdapterState.SUSPENDED, joinReasons(examined), now.get());
            }
            return true;
        });
        unloadUnused(cube);
        deleteUnreferenced();
        return registry.require(cube, id);
    }

    /**
     * What was erased and nobody could ask for, because the words were gone with the process that erased them, or had
     * no question.
     */
    private static List<String> describeUnprobed(Set<ItemId> erased, List<Example> asked) {
        Set<ItemId> left = new HashSet<>(erased);
        asked.forEach(example -> example.item().ifPresent(left::remove));
        return left.isEmpty()
                ? List.of()
                : List.of("It was trained without " + left.size()
                        + " that were erased, and could not be asked about them: nothing of them is left to ask with.");
    }

    private static String joinReasons(AdapterTrainingService.EvaluationResult examined) {
        return String.join(" ", examined.evaluation().reasons());
    }

    /** Whether the policy of a cube wants what is new to be taught by itself. */
    boolean isAutomatic(VaultReader reader, CubeKey cube) {
        LearningPolicy policy = reader.adapters().policy(cube);
        return policy.consent() && policy.automatic();
    }

    /**
     * To be called before items are erased, in the transaction that does it: what was taught of them will be asked for.
     */
    public void beforeErasing(VaultReader reader, CubeKey cube, Collection<ItemId> items) {
        if (tutor.isPresent()) {
            pending.addErased(reader, cube, items);
        }
    }

    /** Keys of the cubes in which a write has suspended something that can be trained anew. */
    public Set<CubeKey> cubesToRetrain(VaultWriter writer) {
        return writer.adapters().affectedAdapters().stream()
                .map(AffectedAdapter::cube)
                .collect(Collectors.toSet());
    }

    /** What is to be done after a write: what it took out of use is unloaded, and its bytes are erased. */
    public Optional<Runnable> afterCommit(VaultWriter writer) {
        Set<AffectedAdapter> touched = writer.adapters().affectedAdapters();
        Set<CubeKey> cubes = touched.stream().map(AffectedAdapter::cube).collect(Collectors.toSet());
        writer.activations()
                .changedCubes()
                .forEach(cube -> Optional.ofNullable(training.get(cube)).ifPresent(TrainingGuard::markChanged));
        return touched.isEmpty()
                ? Optional.empty()
                : Optional.of(() -> {
                    cubes.forEach(this::unloadUnused);
                    cubes.stream().filter(cube -> !training.containsKey(cube)).forEach(folder::deleteWork);
                    deleteUnreferenced();
                });
    }

    private void unloadUnused(CubeKey cube) {
        router.ifPresent(mine -> mine.evict(cube));
        shelf.ifPresent(mine ->
                mine.retainActive(cube, vault.read(reader -> reader.adapters().of(cube))));
    }

    private void deleteUnreferenced() {
        folder.deleteUnreferenced(() -> vault.read(reader -> reader.adapters().artifacts()));
    }

    /** The adapters and their states. */
    public AdapterRegistry registry() {
        return registry;
    }

    private void requireConsent(CubeKey cube) {
        if (!vault.<Boolean>read(reader -> reader.adapters().policy(cube).consent())) {
            throw new MemoryException(
                    ErrorCode.FORBIDDEN,
                    "The owner of this cube has not agreed that its memories are taught to a model. Set a policy with consent"
                            + " first.");
        }
    }

    private static <T> T require(Optional<T> part, String how) {
        return part.orElseThrow(() -> new MemoryException(
                ErrorCode.INVALID_CONFIGURATION,
                "This engine cannot teach a model. Give memos4j --model FILE.gguf and --base DIR; in Java, open it with "
                        + how + "."));
    }

    /** Trainings and examinations do not run side by side: each needs the whole machine. */
    private <T> T exclusively(Supplier<T> work) {
        try {
            oneAtATime.lockInterruptibly();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new MemoryException(ErrorCode.INTERRUPTED, "Waiting for another training was interrupted.", e);
        }
        try {
            return work.get();
        } finally {
            oneAtATime.unlock();
        }
    }

    @Override
    public void close() {
        shelf.ifPresent(LoadedAdapterCache::close);
    }
}
