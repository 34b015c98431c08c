package io.memos4j.core.adapters;

import io.memos4j.api.ErrorCode;
import io.memos4j.api.MemoryException;
import io.memos4j.api.adapters.Adapter;
import io.memos4j.api.adapters.Adapter.Artifact;
import io.memos4j.api.adapters.AdapterEvaluation;
import io.memos4j.api.adapters.AdapterState;
import io.memos4j.api.adapters.LoraShape;
import io.memos4j.api.adapters.ParametricMemory;
import io.memos4j.api.adapters.ParametricMemory.Example;
import io.memos4j.api.items.MemoryItem;
import io.memos4j.core.TrainingConfig;
import io.memos4j.core.files.PrivateDirectories;
import io.memos4j.spi.CubeKey;
import io.memos4j.spi.runtime.ActivationFeature;
import io.memos4j.spi.runtime.ActivationRuntime;
import io.memos4j.spi.runtime.AdapterMix;
import io.memos4j.spi.runtime.LoadedAdapter;
import io.memos4j.spi.training.ModelProbe;
import io.memos4j.spi.training.ModelProbeProvider;
import io.memos4j.spi.training.TrainedAdapter;
import io.memos4j.spi.training.TrainingExample;
import io.memos4j.spi.training.TrainingRequest;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.ServiceLoader;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.function.Supplier;

/** Makes an adapter out of memories and examines it. Each step is durable before the next begins. Thread-safe. */
final class AdapterTrainingService {
    private final Setting setting;
    private final TrainingConfig how;
    private final ExampleTokenizer classroom;

    /**
     * What it works with.
     *
     * @param tellers find more questions that the memories of a cube answer
     */
    record Setting(
            TrainingConfig learning,
            ActivationRuntime runtime,
            AdapterDirectory folder,
            ForgettingProbes pending,
            Function<CubeKey, ExampleGenerator.QuestionSource> tellers,
            Supplier<Instant> now) {}

    AdapterTrainingService(Setting setting) {
        this.setting = setting;
        this.how = setting.learning;
        this.classroom = new ExampleTokenizer(setting.runtime);
    }

    /**
     * Trains and records a version.
     *
     * @throws MemoryException {@link ErrorCode#VERSION_CONFLICT} if a memory was changed in the meantime;
     *     {@link ErrorCode#INTERRUPTED} if {@code progress} ended it; as the trainer does
     */
    Adapter train(TrainingJob lesson, TransactionRunner ledger, Predicate<ParametricMemory.Lesson> progress) {
        List<TrainingExample> examples = trainingExamples(lesson);
        Path work = setting.folder.workDirectory(lesson.cube(), TrainingExample.hashOf(examples));
        TrainingRequest request = TrainingRequest.of(how.base(), work.resolve("trained"), examples)
                .lora(how.lora())
                .plan(how.plan().epochs(how.epochs(), examples.size()))
                .compute(how.compute())
                .checkpoints(work.resolve("checkpoints"));
        PrivateDirectories.delete(request.output());
        TrainedAdapter trained = how.trainer()
                .train(
                        request,
                        at -> progress.test(
                                new ParametricMemory.Lesson(lesson.id(), at.step(), at.steps(), at.loss())));
        Adapter adapter = importAndRecord(lesson, trained, ledger);
        PrivateDirectories.delete(work);
        return adapter;
    }

    private Adapter importAndRecord(TrainingJob lesson, TrainedAdapter trained, TransactionRunner ledger) {
        synchronized (setting.folder) {
            Artifact artifact = setting.folder.importTrained(trained.folder(), how.base());
            Adapter adapter = candidate(lesson, trained, artifact, how.lora());
            if (!ledger.run(writer -> writer.adapters().record(lesson.cube(), adapter))) {
                throw new MemoryException(
                        ErrorCode.VERSION_CONFLICT,
                        "A memory that " + lesson.id() + " was taught has been changed meanwhile. Train again.");
            }
            return adapter;
        }
    }

    private List<TrainingExample> trainingExamples(TrainingJob lesson) {
        ExampleGenerator.QuestionSource teller = setting.tellers.apply(lesson.cube());
        try (ModelProbe base = openBaseProbe()) {
            return classroom.trainingExamples(
                    ExampleGenerator.generate(lesson.items(), lesson.secrets(), teller), base);
        }
    }

    private Adapter candidate(TrainingJob lesson, TrainedAdapter trained, Artifact artifact, LoraShape lora) {
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
    EvaluationResult evaluate(
            Adapter adapter,
            List<MemoryItem> items,
            List<Example> forgotten,
            List<SensitiveTextDetector.Secret> secrets) {
        Artifact artifact = adapter.artifact()
                .orElseThrow(() -> new MemoryException(
                        ErrorCode.ADAPTER_REFUSED,
                        "The bytes of " + adapter.id()
                                + " are gone: it was suspended, or something that it was taught was" + " erased."));
        List<Example> examples = ExampleGenerator.generate(items, secrets, ExampleGenerator.QuestionSource.NONE);
        AdapterEvaluationSet paper = classroom.evaluationSet(examples, forgotten, secrets);
        if (canProbeRuntime()) {
            try (LoadedAdapter loaded = setting.runtime.load(setting.folder.filesOf(artifact))) {
                return evaluateWith(new RuntimeProbe(setting.runtime, AdapterMix.of(loaded)), paper, artifact);
            }
        }
        ModelProbeProvider.Model model = ModelProbeProvider.Model.of(how.base())
                .compute(how.compute())
                .adapter(setting.folder.filesOf(artifact).peft());
        try (ModelProbe probe = probeProvider().open(model)) {
            return evaluateWith(probe, paper, artifact);
        }
    }

    /** The result, and what was found out about forgetting. */
    record EvaluationResult(AdapterEvaluation evaluation, List<String> forgetting) {}

    private EvaluationResult evaluateWith(ModelProbe adapted, AdapterEvaluationSet paper, Artifact artifact) {
        try (ModelProbe base = openBaseProbe()) {
            AdapterEvaluator examination = new AdapterEvaluator(adapted, base, classroom::decode, how.bounds());
            return new EvaluationResult(
                    examination.evaluate(paper, artifact.bytes(), setting.now.get()),
                    examination.describeForgetting(paper.forgotten()));
        }
    }

    /** Whether the runtime that answers can be examined itself. */
    private boolean canProbeRuntime() {
        return setting.runtime.capabilities().adapters().together() > 0
                && setting.runtime.capabilities().features().contains(ActivationFeature.LOGITS);
    }

    private ModelProbe openBaseProbe() {
        return canProbeRuntime()
                ? new RuntimeProbe(setting.runtime, AdapterMix.NONE)
                : probeProvider().open(ModelProbeProvider.Model.of(how.base()).compute(how.compute()));
    }

    private static ModelProbeProvider probeProvider() {
        return ServiceLoader.load(ModelProbeProvider.class)
                .findFirst()
                .orElseThrow(() -> new MemoryException(
                        ErrorCode.INVALID_CONFIGURATION,
                        "The runtime does not tell its logits, so that adapters cannot be examined with it. Add"
                                + " memos4j-trainer-pytorch, or answer with llama.cpp in process."));
    }
}
