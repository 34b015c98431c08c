package io.memos4j.core.parametric;

import io.memos4j.api.Adapter;
import io.memos4j.api.AdapterId;
import io.memos4j.api.AdapterState;
import io.memos4j.api.ChatReply.Routed;
import io.memos4j.api.ErrorCode;
import io.memos4j.api.ItemId;
import io.memos4j.api.LearningPolicy;
import io.memos4j.api.MemoryException;
import io.memos4j.api.MemoryItem;
import io.memos4j.api.ParametricMemory;
import io.memos4j.api.ParametricMemory.Curriculum;
import io.memos4j.api.ParametricMemory.Example;
import io.memos4j.api.Warning;
import io.memos4j.core.Learning;
import io.memos4j.core.activation.Applied;
import io.memos4j.core.embedding.VectorSpace;
import io.memos4j.spi.ActivationRuntime;
import io.memos4j.spi.ActivationSource;
import io.memos4j.spi.AdapterMix;
import io.memos4j.spi.AdapterWriter.Touched;
import io.memos4j.spi.CubeKey;
import io.memos4j.spi.CubeRow;
import io.memos4j.spi.Vault;
import io.memos4j.spi.VaultReader;
import io.memos4j.spi.VaultWriter;
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
public final class Parametrics implements AutoCloseable {
    private final Vault vault;
    private final Supplier<Instant> now;
    private final AdapterFolder folder;
    private final Registry registry;
    private final Pending pending = new Pending();
    private final Optional<Shelf> shelf;
    private final Optional<Router> router;
    private final Optional<Tutor> tutor;
    private final Optional<Learning> learning;

    /** What is being trained, by cube. */
    private final ConcurrentHashMap<CubeKey, Running> training = new ConcurrentHashMap<>();

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
            Optional<Learning> learning,
            Optional<ActivationRuntime> runtime,
            Optional<VectorSpace> vectors,
            Optional<ToldQuestions> teller,
            Consumer<String> leaving,
            Supplier<Instant> now) {}

    /** An adapter that is chosen for a question, and what the model needs to know for it. */
    public record Route(Applied applied, List<Routed> shown, List<Warning> warnings) {
        /** The base alone. */
        public static final Route NONE = new Route(Applied.NONE, List.of(), List.of());
    }

    public Parametrics(Setting setting) {
        this.vault = setting.vault;
        this.now = setting.now;
        this.folder = new AdapterFolder(setting.folder);
        this.learning = setting.learning;
        this.registry = new Registry(vault, now, this::unloadUnused);
        Optional<ActivationRuntime> able = setting.runtime.filter(
                runtime -> runtime.capabilities().adapters().together() > 0);
        this.shelf = able.map(runtime -> new Shelf(runtime, setting.leaving));
        this.router = able.map(runtime -> new Router(vault, setting.vectors, together(runtime, setting.learning)));
        this.tutor = setting.learning.flatMap(how -> setting.runtime.map(runtime -> new Tutor(new Tutor.Setting(
                how,
                runtime,
                folder,
                pending,
                cube -> setting.teller
                        .map(told -> (Distiller.Teller) item -> told.of(cube, item))
                        .orElse(Distiller.Teller.NONE),
                now))));
        sweep();
    }

    private static int together(ActivationRuntime runtime, Optional<Learning> learning) {
        int wanted = learning.map(how -> how.bounds().together()).orElse(Learning.Bounds.DEFAULT.together());
        return Math.min(wanted, runtime.capabilities().adapters().together());
    }

    /** The adapters for a question; none where nothing is close to it, or the runtime takes none. */
    public Route route(List<CubeRow> cubes, String question) {
        if (router.isEmpty()) {
            return Route.NONE;
        }
        List<AdapterMix.Part> parts = new ArrayList<>();
        List<ActivationSource> sources = new ArrayList<>();
        List<Routed> shown = new ArrayList<>();
        List<Warning> warnings = new ArrayList<>();
        for (Router.Chosen chosen : router.orElseThrow().choose(cubes, question)) {
            chosen.adapter().artifact().ifPresent(artifact -> {
                try {
                    parts.add(new AdapterMix.Part(
                            shelf.orElseThrow().take(chosen.cube().key(), folder.files(artifact)), chosen.scale()));
                    chosen.adapter()
                            .taught()
                            .forEach(source -> sources.add(
                                    new ActivationSource(chosen.cube().key(), source.item(), source.version())));
                    shown.add(new Routed(chosen.cube().id(), chosen.adapter().id(), chosen.scale(), chosen.why()));
                } catch (MemoryException e) {
                    warnings.add(new Warning(
                            "adapter_missing", chosen.adapter().id() + " does not answer: " + e.getMessage()));
                }
            });
        }
        return new Route(new Applied(new AdapterMix(parts), sources), shown, warnings);
    }

    /** What there is to teach. */
    public Curriculum curriculum(CubeKey cube, List<ItemId> items) {
        Choice choice = vault.read(reader -> Choice.of(reader, cube, items, now.get()));
        return new Curriculum(
                Distiller.examples(choice.taught(), choice.canaries(), Distiller.Teller.NONE), choice.left());
    }

    /**
     * Trains what has lost something anew, and what is new.
     *
     * @param items as in {@link ParametricMemory#train}
     */
    public List<Adapter> train(
            CubeKey cube, List<ItemId> items, Ledger ledger, Predicate<ParametricMemory.Lesson> progress) {
        Learning how = require(learning, "MemOsConfig.withLearning(…)");
        require(tutor, "MemOsConfig.withAnswering(new Answering.Local(…))");
        requireConsent(cube);
        return alone(() -> taught(cube, ledger, progress, (plan, reader) -> {
            List<Lesson> all = new ArrayList<>(plan.renewals(items.isEmpty()));
            all.addAll(plan.fresh(Choice.of(reader, cube, items, now.get()), how.items()));
            return all;
        }));
    }

    /** Trains anew what has lost something; and, where the policy wants it, what is new. */
    List<Adapter> renew(CubeKey cube, Ledger ledger, Predicate<ParametricMemory.Lesson> progress) {
        int size = learning.orElseThrow().items();
        return alone(() -> taught(cube, ledger, progress, (plan, reader) -> {
            LearningPolicy policy = reader.adapters().policy(cube);
            List<Lesson> all = new ArrayList<>(policy.consent() ? plan.renewals(false) : List.of());
            if (policy.consent() && policy.automatic()) {
                all.addAll(plan.fresh(Choice.of(reader, cube, List.of(), now.get()), size));
            }
            return all;
        }));
    }

    /** What was trained and not examined is examined first; then the lessons of a plan are taught. */
    private List<Adapter> taught(
            CubeKey cube,
            Ledger ledger,
            Predicate<ParametricMemory.Lesson> progress,
            BiFunction<Plan, VaultReader, List<Lesson>> planned) {
        List<Adapter> all = new ArrayList<>();
        vault.read(reader -> new Plan(reader, cube, now.get()).unexamined())
                .forEach(adapter -> all.add(examine(cube, adapter, ledger, true)));
        List<Lesson> lessons = vault.read(reader -> planned.apply(new Plan(reader, cube, now.get()), reader));
        all.addAll(teach(lessons, ledger, progress));
        return all;
    }

    private List<Adapter> teach(List<Lesson> lessons, Ledger ledger, Predicate<ParametricMemory.Lesson> progress) {
        List<Adapter> taught = new ArrayList<>();
        for (Lesson lesson : lessons) {
            Running running = new Running(vault, lesson);
            training.put(lesson.cube(), running);
            pending.add(lesson.cube(), lesson.id().name(), lesson.corrected());
            try {
                Adapter adapter =
                        tutor.orElseThrow().train(lesson, ledger, at -> running.goesOn() && progress.test(at));
                taught.add(examine(lesson.cube(), adapter, ledger, lesson.activate()));
                pending.settled(lesson.cube(), lesson.id().name());
            } finally {
                training.remove(lesson.cube());
                if (!running.goesOn()) {
                    folder.forgetWork(lesson.cube());
                }
                sweep();
            }
        }
        return taught;
    }

    /** Examines a version again. */
    public Adapter evaluate(CubeKey cube, AdapterId id) {
        require(tutor, "MemOsConfig.withLearning(…) and MemOsConfig.withAnswering(new Answering.Local(…))");
        Adapter adapter = registry.adapter(cube, id);
        return alone(() -> examine(cube, adapter, step -> vault.<Boolean>write(step::test), false));
    }

    private Adapter examine(CubeKey cube, Adapter adapter, Ledger ledger, boolean activate) {
        AdapterId id = adapter.id();
        List<MemoryItem> items = registry.taught(cube, adapter);
        List<Example> forgotten = pending.of(cube, id.name());
        List<SensitiveText.Secret> secrets = vault.read(reader -> Choice.secrets(reader, cube));
        Tutor.Examined examined = tutor.orElseThrow().examine(adapter, items, forgotten, secrets);
        boolean passed = examined.evaluation().passed();
        List<String> forgetting = new ArrayList<>(examined.forgetting());
        if (adapter.evaluation().isEmpty()) {
            forgetting.addAll(unasked(registry.erased(cube, id), forgotten));
        }
        ledger.write(writer -> {
            writer.adapters().evaluated(cube, id, examined.evaluation());
            forgetting.forEach(what -> writer.adapters().note(cube, id, what, now.get()));
            AdapterState state = writer.adapters().find(cube, id).orElseThrow().state();
            if (passed && state == AdapterState.CANDIDATE) {
                writer.adapters().move(cube, id, AdapterState.ADMITTED, "It passed its examination.", now.get());
            }
            if (passed && activate) {
                writer.adapters().move(cube, id, AdapterState.ACTIVE, "It passed its examination.", now.get());
            }
            if (!passed && state != AdapterState.CANDIDATE && state != AdapterState.SUSPENDED) {
                writer.adapters().move(cube, id, AdapterState.SUSPENDED, reasons(examined), now.get());
            }
            return true;
        });
        unloadUnused(cube);
        sweep();
        return registry.adapter(cube, id);
    }

    /** What was erased and nobody could ask for, because the words were gone with the process that erased them, or had no question. */
    private static List<String> unasked(Set<ItemId> erased, List<Example> asked) {
        Set<ItemId> left = new HashSet<>(erased);
        asked.forEach(example -> example.item().ifPresent(left::remove));
        return left.isEmpty()
                ? List.of()
                : List.of("It was trained without " + left.size()
                        + " that were erased, and could not be asked about them: nothing of them is left to ask with.");
    }

    private static String reasons(Tutor.Examined examined) {
        return String.join(" ", examined.evaluation().reasons());
    }

    /** Whether the policy of a cube wants what is new to be taught by itself. */
    boolean isAutomatic(VaultReader reader, CubeKey cube) {
        LearningPolicy policy = reader.adapters().policy(cube);
        return policy.consent() && policy.automatic();
    }

    /** To be called before items are erased, in the transaction that does it: what was taught of them will be asked for. */
    public void erasing(VaultReader reader, CubeKey cube, Collection<ItemId> items) {
        if (tutor.isPresent()) {
            pending.erasing(reader, cube, items);
        }
    }

    /** Keys of the cubes in which a write has suspended something that can be trained anew. */
    public Set<CubeKey> suspended(VaultWriter writer) {
        return writer.adapters().touched().stream().map(Touched::cube).collect(Collectors.toSet());
    }

    /** What is to be done after a write: what it took out of use is unloaded, and its bytes are erased. */
    public Optional<Runnable> after(VaultWriter writer) {
        Set<Touched> touched = writer.adapters().touched();
        Set<CubeKey> cubes = touched.stream().map(Touched::cube).collect(Collectors.toSet());
        writer.activations()
                .changed()
                .forEach(cube -> Optional.ofNullable(training.get(cube)).ifPresent(Running::touched));
        return touched.isEmpty()
                ? Optional.empty()
                : Optional.of(() -> {
                    cubes.forEach(this::unloadUnused);
                    cubes.stream().filter(cube -> !training.containsKey(cube)).forEach(folder::forgetWork);
                    sweep();
                });
    }

    private void unloadUnused(CubeKey cube) {
        router.ifPresent(mine -> mine.forget(cube));
        shelf.ifPresent(
                mine -> mine.keep(cube, vault.read(reader -> reader.adapters().of(cube))));
    }

    private void sweep() {
        folder.sweep(() -> vault.read(reader -> reader.adapters().artifacts()));
    }

    /** The adapters and their states. */
    public Registry registry() {
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
    private <T> T alone(Supplier<T> work) {
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
        shelf.ifPresent(Shelf::close);
    }
}
