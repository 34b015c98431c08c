package io.memos4j.core.parametric;

import io.memos4j.api.Adapter;
import io.memos4j.api.Adapter.Artifact;
import io.memos4j.api.AdapterEvaluation;
import io.memos4j.api.AdapterState;
import io.memos4j.api.ErrorCode;
import io.memos4j.api.LoraShape;
import io.memos4j.api.MemoryException;
import io.memos4j.api.MemoryItem;
import io.memos4j.api.ParametricMemory;
import io.memos4j.api.ParametricMemory.Example;
import io.memos4j.core.Learning;
import io.memos4j.core.disk.Folders;
import io.memos4j.spi.ActivationFeature;
import io.memos4j.spi.ActivationRuntime;
import io.memos4j.spi.AdapterMix;
import io.memos4j.spi.CubeKey;
import io.memos4j.spi.LoadedAdapter;
import io.memos4j.spi.ModelProbe;
import io.memos4j.spi.ModelProbeProvider;
import io.memos4j.spi.TrainedAdapter;
import io.memos4j.spi.TrainingExample;
import io.memos4j.spi.TrainingRequest;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.ServiceLoader;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.function.Supplier;

/** Makes an adapter out of memories and examines it. Each step is durable before the next begins. Thread-safe. */
final class Tutor {
    private final Setting setting;
    private final Learning how;
    private final Classroom classroom;

    /**
     * What it works with.
     *
     * @param tellers find more questions that the memories of a cube answer
     */
    record Setting(
            Learning learning,
            ActivationRuntime runtime,
            AdapterFolder folder,
            Pending pending,
            Function<CubeKey, Distiller.Teller> tellers,
            Supplier<Instant> now) {}

    Tutor(Setting setting) {
        this.setting = setting;
        this.how = setting.learning;
        this.classroom = new Classroom(setting.runtime);
    }

    /**
     * Trains and records a version.
     *
     * @throws MemoryException {@link ErrorCode#VERSION_CONFLICT} if a memory was changed in the meantime; {@link ErrorCode#INTERRUPTED} if
     *     {@code progress} ended it; as the trainer does
     */
    Adapter train(Lesson lesson, Ledger ledger, Predicate<ParametricMemory.Lesson> progress) {
        List<TrainingExample> examples = lessons(lesson);
        Path work = setting.folder.work(lesson.cube(), TrainingExample.hashOf(examples));
        TrainingRequest request = TrainingRequest.of(how.base(), work.resolve("trained"), examples)
                .lora(how.lora())
                .plan(how.plan().epochs(how.epochs(), examples.size()))
                .compute(how.compute())
                .checkpoints(work.resolve("checkpoints"));
        Folders.erase(request.output());
        TrainedAdapter trained = how.trainer()
                .train(
                        request,
                        at -> progress.test(
                                new ParametricMemory.Lesson(lesson.id(), at.step(), at.steps(), at.loss())));
        Adapter adapter = recorded(lesson, trained, ledger);
        Folders.erase(work);
        return adapter;
    }

    private Adapter recorded(Lesson lesson, TrainedAdapter trained, Ledger ledger) {
        synchronized (setting.folder) {
            Artifact artifact = setting.folder.take(trained.folder(), how.base());
            Adapter adapter = candidate(lesson, trained, artifact, how.lora());
            if (!ledger.write(writer -> writer.adapters().record(lesson.cube(), adapter))) {
                throw new MemoryException(
                        ErrorCode.VERSION_CONFLICT,
                        "A memory that " + lesson.id() + " was taught has been changed meanwhile. Train again.");
            }
            return adapter;
        }
    }

    private List<TrainingExample> lessons(Lesson lesson) {
        Distiller.Teller teller = setting.tellers.apply(lesson.cube());
        try (ModelProbe base = base()) {
            return classroom.lessons(Distiller.examples(lesson.items(), lesson.secrets(), teller), base);
        }
    }

    private Adapter candidate(Lesson lesson, TrainedAdapter trained, Artifact artifact, LoraShape lora) {
        Instant now = setting.now.get();
        return new Adapter(
                lesson.id(),
                AdapterState.CANDIDATE,
                "It was trained by " + trained.record().trainer() + ".",
                new Adapter.Base(
                        setting.runtime.model().architecture(),
                        trained.record().baseHash(),
                        setting.runtime.model().fileHash()),
                lora,
                lesson.sources(),
                trained.record(),
                Optional.empty(),
                Optional.of(artifact),
                now,
                now);
    }

    /**
     * Examines a version; changes nothing.
     *
     * @param items what it was taught, as it was then
     * @param forgotten what it must not know
     */
    Examined examine(
            Adapter adapter, List<MemoryItem> items, List<Example> forgotten, List<SensitiveText.Secret> secrets) {
        Artifact artifact = adapter.artifact()
                .orElseThrow(() -> new MemoryException(
                        ErrorCode.ADAPTER_REFUSED,
                        "The bytes of " + adapter.id()
                                + " are gone: it was suspended, or something that it was taught was" + " erased."));
        List<Example> examples = Distiller.examples(items, secrets, Distiller.Teller.NONE);
        Paper paper = classroom.paper(examples, forgotten, secrets);
        if (isServed()) {
            try (LoadedAdapter loaded = setting.runtime.load(setting.folder.files(artifact))) {
                return examined(new RuntimeProbe(setting.runtime, AdapterMix.of(loaded)), paper, artifact);
            }
        }
        ModelProbeProvider.Model model = ModelProbeProvider.Model.of(how.base())
                .compute(how.compute())
                .adapter(setting.folder.files(artifact).peft());
        try (ModelProbe probe = provider().open(model)) {
            return examined(probe, paper, artifact);
        }
    }

    /** The result, and what was found out about forgetting. */
    record Examined(AdapterEvaluation evaluation, List<String> forgetting) {}

    private Examined examined(ModelProbe adapted, Paper paper, Artifact artifact) {
        try (ModelProbe base = base()) {
            Examination examination = new Examination(adapted, base, classroom::text, how.bounds());
            return new Examined(
                    examination.of(paper, artifact.bytes(), setting.now.get()), examination.report(paper.forgotten()));
        }
    }

    /** Whether the runtime that answers can be examined itself. */
    private boolean isServed() {
        return setting.runtime.capabilities().adapters().together() > 0
                && setting.runtime.capabilities().features().contains(ActivationFeature.LOGITS);
    }

    private ModelProbe base() {
        return isServed()
                ? new RuntimeProbe(setting.runtime, AdapterMix.NONE)
                : provider().open(ModelProbeProvider.Model.of(how.base()).compute(how.compute()));
    }

    private static ModelProbeProvider provider() {
        return ServiceLoader.load(ModelProbeProvider.class)
                .findFirst()
                .orElseThrow(() -> new MemoryException(
                        ErrorCode.INVALID_CONFIGURATION,
                        "The runtime does not tell its logits, so that adapters cannot be examined with it. Add"
                                + " memos4j-trainer-pytorch, or answer with llama.cpp in process."));
    }
}
