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
import io.memos4j.core.kvcache.AdapterSelection;
import io.memos4j.core.privacy.SensitiveSpan;
import io.memos4j.spi.CubeKey;
import io.memos4j.spi.CubeRow;
import io.memos4j.spi.adapters.AdapterWriter.AffectedAdapter;
import io.memos4j.spi.vault.Vault;
import io.memos4j.spi.vault.VaultReader;
import io.memos4j.spi.vault.VaultWriter;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.BiFunction;
import java.util.function.Predicate;
import java.util.function.Supplier;
import java.util.stream.Collectors;

/**
 * Trains adapters from memories, evaluates them, selects them for questions, and unlearns deleted or corrected memories
 * by retraining. Thread-safe.
 */
public final class AdapterService implements AutoCloseable {
    private final Vault vault;
    private final InstantSource clock;
    private final AdapterDirectory directory;
    private final AdapterRegistry registry;
    final ForgettingProbes probes = new ForgettingProbes();
    private final Optional<AdapterServing> serving;
    private final Optional<AdapterTrainingService> training;

    /** The running trainings by cube. */
    private final ConcurrentHashMap<CubeKey, TrainingGuard> runningTrainings = new ConcurrentHashMap<>();

    private final ReentrantLock oneAtATime = new ReentrantLock();

    /** The adapters that answer a question. */
    public record RoutingResult(AdapterSelection selection, List<AdapterUse> routed, List<Warning> warnings) {
        /** The base model without adapters. */
        public static final RoutingResult NONE = new RoutingResult(AdapterSelection.NONE, List.of(), List.of());
    }

    /**
     * Opens the adapters of a vault and deletes the files that it does not reference.
     *
     * @param serving empty if the model that answers takes no adapters
     * @param training empty if nothing can be trained here
     */
    public AdapterService(
            Vault vault,
            AdapterDirectory directory,
            Optional<AdapterServing> serving,
            Optional<AdapterTrainingService> training,
            InstantSource clock) {
        this.vault = vault;
        this.directory = directory;
        this.serving = serving;
        this.training = training;
        this.clock = clock;
        this.registry = new AdapterRegistry(vault, clock, this::unloadUnused);
        deleteUnreferenced();
    }

    /** Selects the adapters for a question; none if no memory is close to it or the runtime takes none. */
    public RoutingResult route(List<CubeRow> cubes, String question) {
        return serving.map(each -> each.route(cubes, question)).orElse(RoutingResult.NONE);
    }

    /** Returns the training examples for the given items, and the items that are not trained with the reason. */
    public Curriculum curriculum(CubeKey cube, List<ItemId> items) {
        TrainingSelection choice = vault.read(reader -> TrainingSelection.select(reader, cube, items, clock.instant()));
        return new Curriculum(
                ExampleGenerator.generate(choice.selected(), choice.canaries(), ExampleGenerator.QuestionSource.NONE),
                choice.rejected());
    }

    /**
     * Retrains adapters that lost a source and trains adapters for new items.
     *
     * @param items as in {@link ParametricMemory#train}
     */
    public List<Adapter> train(
            CubeKey cube,
            List<ItemId> items,
            TransactionRunner transactions,
            Predicate<ParametricMemory.Lesson> progress) {
        int size = requireTraining().itemsEach();
        requireConsent(cube);
        return exclusively(() -> runJobs(cube, transactions, progress, (plan, reader) -> {
            List<TrainingJob> all = new ArrayList<>(plan.retrainingJobs(items.isEmpty()));
            all.addAll(plan.newJobs(TrainingSelection.select(reader, cube, items, clock.instant()), size));
            return all;
        }));
    }

    /** Retrains adapters that lost a source and, if the policy is automatic, trains adapters for new items. */
    List<Adapter> retrain(CubeKey cube, TransactionRunner transactions, Predicate<ParametricMemory.Lesson> progress) {
        int size = requireTraining().itemsEach();
        return exclusively(() -> runJobs(cube, transactions, progress, (plan, reader) -> {
            LearningPolicy policy = reader.adapters().policy(cube);
            List<TrainingJob> all = new ArrayList<>(policy.consent() ? plan.retrainingJobs(false) : List.of());
            if (policy.consent() && policy.automatic()) {
                all.addAll(plan.newJobs(TrainingSelection.select(reader, cube, List.of(), clock.instant()), size));
            }
            return all;
        }));
    }

    /** Evaluates the versions that were trained but not evaluated, then trains the planned jobs. */
    private List<Adapter> runJobs(
            CubeKey cube,
            TransactionRunner transactions,
            Predicate<ParametricMemory.Lesson> progress,
            BiFunction<TrainingPlanner, VaultReader, List<TrainingJob>> planned) {
        List<Adapter> all = new ArrayList<>();
        vault.read(reader -> new TrainingPlanner(reader, cube, clock.instant()).unevaluated())
                .forEach(adapter -> all.add(evaluateAndRecord(cube, adapter, transactions, true)));
        List<TrainingJob> jobs =
                vault.read(reader -> planned.apply(new TrainingPlanner(reader, cube, clock.instant()), reader));
        all.addAll(trainAll(jobs, transactions, progress));
        return all;
    }

    private List<Adapter> trainAll(
            List<TrainingJob> jobs, TransactionRunner transactions, Predicate<ParametricMemory.Lesson> progress) {
        List<Adapter> trained = new ArrayList<>();
        for (TrainingJob job : jobs) {
            TrainingGuard guard = new TrainingGuard(vault, job);
            runningTrainings.put(job.cube(), guard);
            probes.add(job.cube(), job.id().name(), job.correctedItems());
            try {
                Adapter adapter =
                        requireTraining().train(job, transactions, at -> guard.mayContinue() && progress.test(at));
                trained.add(evaluateAndRecord(job.cube(), adapter, transactions, job.activate()));
                probes.clear(job.cube(), job.id().name());
            } finally {
                runningTrainings.remove(job.cube());
                if (!guard.mayContinue()) {
                    directory.deleteWork(job.cube());
                }
                deleteUnreferenced();
            }
        }
        return trained;
    }

    /** Evaluates a version again. */
    public Adapter evaluate(CubeKey cube, AdapterId id) {
        requireTraining();
        Adapter adapter = registry.require(cube, id);
        return exclusively(() -> evaluateAndRecord(cube, adapter, step -> vault.<Boolean>write(step::test), false));
    }

    private Adapter evaluateAndRecord(CubeKey cube, Adapter adapter, TransactionRunner transactions, boolean activate) {
        AdapterId id = adapter.id();
        List<MemoryItem> items = registry.taughtItems(cube, adapter);
        List<Example> forgotten = probes.of(cube, id.name());
        List<SensitiveSpan> secrets = vault.read(reader -> TrainingSelection.findSecrets(reader, cube));
        AdapterTrainingService.EvaluationResult result = requireTraining().evaluate(adapter, items, forgotten, secrets);
        boolean passed = result.evaluation().passed();
        List<String> forgetting = new ArrayList<>(result.forgetting());
        if (adapter.evaluation().isEmpty()) {
            forgetting.addAll(describeUnprobed(registry.erasedSources(cube, id), forgotten));
        }
        transactions.run(writer -> {
            writer.adapters().recordEvaluation(cube, id, result.evaluation());
            forgetting.forEach(what -> writer.adapters().recordNote(cube, id, what, clock.instant()));
            AdapterState state = writer.adapters().find(cube, id).orElseThrow().state();
            if (passed && state == AdapterState.CANDIDATE) {
                writer.adapters().move(cube, id, AdapterState.ADMITTED, "It passed the evaluation.", clock.instant());
            }
            if (passed && activate) {
                writer.adapters().move(cube, id, AdapterState.ACTIVE, "It passed the evaluation.", clock.instant());
            }
            if (!passed && state != AdapterState.CANDIDATE && state != AdapterState.SUSPENDED) {
                writer.adapters().move(cube, id, AdapterState.SUSPENDED, joinReasons(result), clock.instant());
            }
            return true;
        });
        unloadUnused(cube);
        deleteUnreferenced();
        return registry.require(cube, id);
    }

    /**
     * Describes the deleted items that could not be probed: their text was lost with the process that deleted them, or
     * no question was found for it.
     */
    private static List<String> describeUnprobed(Set<ItemId> erased, List<Example> asked) {
        Set<ItemId> left = new HashSet<>(erased);
        asked.forEach(example -> example.item().ifPresent(left::remove));
        return left.isEmpty()
                ? List.of()
                : List.of("It was retrained without " + left.size()
                        + " deleted memories and could not be asked about them, because their text is gone.");
    }

    private static String joinReasons(AdapterTrainingService.EvaluationResult result) {
        return String.join(" ", result.evaluation().reasons());
    }

    /** Returns whether the policy of a cube allows training new items without being asked. */
    boolean isAutomatic(VaultReader reader, CubeKey cube) {
        LearningPolicy policy = reader.adapters().policy(cube);
        return policy.consent() && policy.automatic();
    }

    /**
     * Records items that are about to be deleted, in the transaction that deletes them, so that forgetting can be
     * tested.
     */
    public void beforeErasing(VaultReader reader, CubeKey cube, Collection<ItemId> items) {
        if (training.isPresent()) {
            probes.addErased(reader, cube, items);
        }
    }

    /** Returns the cubes in which a write has suspended an adapter that can be retrained. */
    public Set<CubeKey> cubesToRetrain(VaultWriter writer) {
        return writer.adapters().affectedAdapters().stream()
                .map(AffectedAdapter::cube)
                .collect(Collectors.toSet());
    }

    /**
     * Returns the work due once a write has committed: unloading the adapters that it suspended, and deleting their
     * files and the questions about deleted cubes.
     */
    public Optional<Runnable> afterCommit(VaultWriter writer) {
        Set<AffectedAdapter> touched = writer.adapters().affectedAdapters();
        Set<CubeKey> cubes = touched.stream().map(AffectedAdapter::cube).collect(Collectors.toSet());
        writer.activations()
                .changedCubes()
                .forEach(cube -> Optional.ofNullable(runningTrainings.get(cube)).ifPresent(TrainingGuard::markChanged));
        List<CubeKey> deleted = writer.activations().erasedCubes().stream()
                .filter(cube -> writer.findCube(cube).isEmpty())
                .toList();
        return touched.isEmpty() && deleted.isEmpty()
                ? Optional.empty()
                : Optional.of(() -> {
                    deleted.forEach(probes::clear);
                    cubes.forEach(this::unloadUnused);
                    cubes.stream()
                            .filter(cube -> !runningTrainings.containsKey(cube))
                            .forEach(directory::deleteWork);
                    deleteUnreferenced();
                });
    }

    private void unloadUnused(CubeKey cube) {
        serving.ifPresent(
                each -> each.keep(cube, vault.read(reader -> reader.adapters().of(cube))));
    }

    private void deleteUnreferenced() {
        directory.deleteUnreferenced(
                () -> vault.read(reader -> reader.adapters().artifacts()));
    }

    public AdapterRegistry registry() {
        return registry;
    }

    private void requireConsent(CubeKey cube) {
        if (!vault.<Boolean>read(reader -> reader.adapters().policy(cube).consent())) {
            throw new MemoryException(
                    ErrorCode.FORBIDDEN,
                    "The owner of this cube has not consented to training on its memories."
                            + " Set a policy with consent first.");
        }
    }

    private AdapterTrainingService requireTraining() {
        return training.orElseThrow(() -> new MemoryException(
                ErrorCode.INVALID_CONFIGURATION,
                "This engine cannot train adapters. Start memos4j with --model FILE.gguf and --base DIR; in Java, open"
                        + " it with MemOsConfig.withTraining(…) and"
                        + " MemOsConfig.withChat(new ChatConfig.LocalModel(…))."));
    }

    /** Runs one training or evaluation at a time: each needs the whole machine. */
    private <T> T exclusively(Supplier<T> work) {
        try {
            oneAtATime.lockInterruptibly();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new MemoryException(ErrorCode.INTERRUPTED, "Interrupted while waiting for another training.", e);
        }
        try {
            return work.get();
        } finally {
            oneAtATime.unlock();
        }
    }

    @Override
    public void close() {
        serving.ifPresent(AdapterServing::close);
    }
}
