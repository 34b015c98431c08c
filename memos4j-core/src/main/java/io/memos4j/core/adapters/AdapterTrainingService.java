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
import io.memos4j.core.privacy.SensitiveSpan;
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
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.ServiceLoader;
import java.util.function.Predicate;

/** Trains an adapter from memories and evaluates it. Each step is durable before the next begins. Thread-safe. */
public final class AdapterTrainingService {
    private final TrainingConfig config;
    private final ActivationRuntime runtime;
    private final AdapterDirectory directory;
    private final Optional<LlmQuestionGenerator> questions;
    private final InstantSource clock;
    private final ExampleTokenizer tokenizer;

    /** @param questions asks a language model for more questions, if there is one */
    public AdapterTrainingService(
            TrainingConfig config,
            ActivationRuntime runtime,
            AdapterDirectory directory,
            Optional<LlmQuestionGenerator> questions,
            InstantSource clock) {
        this.config = config;
        this.runtime = runtime;
        this.directory = directory;
        this.questions = questions;
        this.clock = clock;
        this.tokenizer = new ExampleTokenizer(runtime);
    }

    /** Returns the number of memories that one adapter is taught at most. */
    int itemsEach() {
        return config.itemsPerAdapter();
    }

    /**
     * Trains a version and records it.
     *
     * @throws MemoryException {@link ErrorCode#VERSION_CONFLICT} if a source memory was changed in the meantime;
     *     {@link ErrorCode#INTERRUPTED} if {@code progress} stopped it; as the trainer does
     */
    Adapter train(TrainingJob job, TransactionRunner transactions, Predicate<ParametricMemory.Lesson> progress) {
        List<TrainingExample> examples = trainingExamples(job);
        Path work = directory.workDirectory(job.cube(), TrainingExample.hashOf(examples));
        TrainingRequest request = TrainingRequest.of(config.base(), work.resolve("trained"), examples)
                .lora(config.lora())
                .plan(config.plan().epochs(config.epochs(), examples.size()))
                .compute(config.compute())
                .checkpoints(work.resolve("checkpoints"));
        PrivateDirectories.delete(request.output());
        TrainedAdapter trained = config.trainer()
                .train(
                        request,
                        at -> progress.test(new ParametricMemory.Lesson(job.id(), at.step(), at.steps(), at.loss())));
        Adapter adapter = importAndRecord(job, trained, transactions);
        PrivateDirectories.delete(work);
        return adapter;
    }

    private Adapter importAndRecord(TrainingJob job, TrainedAdapter trained, TransactionRunner transactions) {
        synchronized (directory) {
            Artifact artifact = directory.importTrained(trained.folder(), config.base());
            Adapter adapter = candidate(job, trained, artifact, config.lora());
            if (!transactions.run(writer -> writer.adapters().record(job.cube(), adapter))) {
                throw new MemoryException(
                        ErrorCode.VERSION_CONFLICT,
                        "A source memory of " + job.id() + " was changed during the training. Train again.");
            }
            return adapter;
        }
    }

    private List<TrainingExample> trainingExamples(TrainingJob job) {
        ExampleGenerator.QuestionSource questionSource = questions
                .<ExampleGenerator.QuestionSource>map(each -> item -> each.generate(job.cube(), item))
                .orElse(ExampleGenerator.QuestionSource.NONE);
        try (ModelProbe base = openBaseProbe()) {
            return tokenizer.trainingExamples(
                    ExampleGenerator.generate(job.items(), job.secrets(), questionSource), base);
        }
    }

    private Adapter candidate(TrainingJob job, TrainedAdapter trained, Artifact artifact, LoraShape lora) {
        Instant at = clock.instant();
        return new Adapter(
                job.id(),
                AdapterState.CANDIDATE,
                "It was trained by " + trained.record().trainer() + ".",
                new Adapter.Base(
                        runtime.model().architecture(),
                        trained.record().baseHash(),
                        runtime.model().fileHash()),
                lora,
                job.sources(),
                trained.record(),
                Optional.empty(),
                Optional.of(artifact),
                at,
                at);
    }

    /**
     * Evaluates a version without changing it.
     *
     * @param items the items it was taught, as they were then
     * @param forgotten examples that it must not know
     */
    EvaluationResult evaluate(
            Adapter adapter, List<MemoryItem> items, List<Example> forgotten, List<SensitiveSpan> secrets) {
        Artifact artifact = adapter.artifact()
                .orElseThrow(() -> new MemoryException(
                        ErrorCode.ADAPTER_REFUSED,
                        "The files of " + adapter.id()
                                + " are gone: it was suspended, or one of its source memories was deleted."));
        List<Example> examples = ExampleGenerator.generate(items, secrets, ExampleGenerator.QuestionSource.NONE);
        AdapterEvaluationSet evaluationSet = tokenizer.evaluationSet(examples, forgotten, secrets);
        if (canProbeRuntime()) {
            try (LoadedAdapter loaded = runtime.load(directory.filesOf(artifact))) {
                return evaluateWith(new RuntimeProbe(runtime, AdapterMix.of(loaded)), evaluationSet, artifact);
            }
        }
        ModelProbeProvider.Model model = ModelProbeProvider.Model.of(config.base())
                .compute(config.compute())
                .adapter(directory.filesOf(artifact).peft());
        try (ModelProbe probe = probeProvider().open(model)) {
            return evaluateWith(probe, evaluationSet, artifact);
        }
    }

    /** The result of an evaluation, with notes about forgetting. */
    record EvaluationResult(AdapterEvaluation evaluation, List<String> forgetting) {}

    private EvaluationResult evaluateWith(ModelProbe adapted, AdapterEvaluationSet evaluationSet, Artifact artifact) {
        try (ModelProbe base = openBaseProbe()) {
            AdapterEvaluator evaluator = new AdapterEvaluator(adapted, base, tokenizer::decode, config.bounds());
            return new EvaluationResult(
                    evaluator.evaluate(evaluationSet, artifact.bytes(), clock.instant()),
                    evaluator.describeForgetting(evaluationSet.forgotten()));
        }
    }

    /** Returns whether the runtime that answers chats can be evaluated itself. */
    private boolean canProbeRuntime() {
        return runtime.capabilities().adapters().together() > 0
                && runtime.capabilities().features().contains(ActivationFeature.LOGITS);
    }

    private ModelProbe openBaseProbe() {
        return canProbeRuntime()
                ? new RuntimeProbe(runtime, AdapterMix.NONE)
                : probeProvider()
                        .open(ModelProbeProvider.Model.of(config.base()).compute(config.compute()));
    }

    private static ModelProbeProvider probeProvider() {
        return ServiceLoader.load(ModelProbeProvider.class)
                .findFirst()
                .orElseThrow(() -> new MemoryException(
                        ErrorCode.INVALID_CONFIGURATION,
                        "Adapters cannot be evaluated with this runtime because it does not return logits. Add"
                                + " memos4j-trainer-pytorch, or use llama.cpp in process."));
    }
}
