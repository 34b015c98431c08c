package io.memos4j.bench.performance;

import io.memos4j.api.ItemId;
import io.memos4j.api.MemCube;
import io.memos4j.api.adapters.Adapter;
import io.memos4j.api.adapters.AdapterState;
import io.memos4j.api.adapters.LearningPolicy;
import io.memos4j.api.adapters.LoraShape;
import io.memos4j.api.adapters.ParametricMemory.Example;
import io.memos4j.api.adapters.ParametricMemory.Kind;
import io.memos4j.api.chat.ChatRequest;
import io.memos4j.api.items.ItemType;
import io.memos4j.api.items.Note;
import io.memos4j.core.ChatConfig;
import io.memos4j.core.ChatConfig.CacheQuota;
import io.memos4j.core.MemOs;
import io.memos4j.core.MemOsConfig;
import io.memos4j.core.TrainingConfig;
import io.memos4j.core.prompt.SystemPreamble;
import io.memos4j.internal.Sha256Hash;
import io.memos4j.modelfiles.BaseModel;
import io.memos4j.modelfiles.ByteVocabulary;
import io.memos4j.modelfiles.HfModel;
import io.memos4j.modelfiles.LoraAdapter;
import io.memos4j.modelfiles.TensorType;
import io.memos4j.spi.ChatTurn;
import io.memos4j.spi.runtime.ActivationHandle;
import io.memos4j.spi.runtime.ActivationOptions;
import io.memos4j.spi.runtime.ActivationRuntime;
import io.memos4j.spi.runtime.AdapterFiles;
import io.memos4j.spi.runtime.AdapterMix;
import io.memos4j.spi.runtime.GenerationOptions;
import io.memos4j.spi.runtime.LoadedAdapter;
import io.memos4j.spi.training.ComputeOptions;
import io.memos4j.spi.training.TrainingExample;
import io.memos4j.spi.training.TrainingPlan;
import io.memos4j.spi.training.TrainingRequest;
import io.memos4j.testkit.gguf.RandomLlama;
import io.memos4j.testkit.runtime.TrainingDialogues;
import io.memos4j.trainer.pytorch.BaseModelShape;
import io.memos4j.trainer.pytorch.BaseModelTrainer;
import io.memos4j.trainer.pytorch.PytorchTrainer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/**
 * Teaches ten lessons of three memories each, one after another, to a tiny base model, and measures the recall of all
 * of them at the end: of one adapter with continued training; of one adapter into which that of each lesson is merged
 * (interpolated weights after I-LoRA: Ren et al., Analyzing and Reducing Catastrophic Forgetting in Parameter Efficient
 * Tuning, 2024); of ten adapters applied at once; and of ten adapters with the router, as the engine does it.
 */
final class ContinualLearningBenchmark {
    private static final int LESSONS = 10;
    private static final int EACH = 3;
    private static final int EPOCHS = 40;
    private static final double BUDGET = 90;
    private static final TrainingPlan PLAN = TrainingPlan.ofSteps(1).batch(8, 1).learningRate(1e-2);
    private static final ComputeOptions ALONE = ComputeOptions.processor().threads(1);

    private static final List<String> NAMES = List.of(
            "Alice", "Bob", "Carol", "Dan", "Eve", "Frank", "Gina", "Hugo", "Iris", "Jan", "Kim", "Liam", "Mona",
            "Nils", "Olga", "Paul", "Quinn", "Rosa", "Sven", "Tara", "Ulla", "Vera", "Walt", "Xena", "Yuri", "Zack",
            "Anna", "Bert", "Cleo", "Dora");

    private static final List<String> FACTS = List.of(
            " lives in Oslo.",
            " works at Nokia.",
            " plays golf.",
            " drives a van.",
            " lives in Rome.",
            " works at Shell.",
            " plays chess.",
            " drives a taxi.",
            " lives in Bonn.",
            " works at Lidl.",
            " plays the harp.",
            " drives a tram.");

    private final Path folder;
    private final Path base;
    private final Path gguf;

    private ContinualLearningBenchmark(Path folder) {
        this.folder = folder;
        this.base = folder.resolve("base");
        this.gguf = folder.resolve("base.gguf");
    }

    static List<BenchmarkFigure> run() {
        try (ScratchDirectory workspace = new ScratchDirectory()) {
            return new ContinualLearningBenchmark(workspace.folder("lessons")).figures();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private List<BenchmarkFigure> figures() throws IOException {
        BaseModelShape shape =
                new BaseModelShape("llama", TrainingDialogues.VOCABULARY, 2, 96, 4, 2, 192, TrainingDialogues.CONTEXT);
        new BaseModelTrainer(shape, TrainingPlan.ofSteps(300).batch(8, 1).learningRate(6e-3), ALONE)
                .train(
                        TrainingDialogues.examples(KvCacheBenchmark.provider(), folder, SystemPreamble.TEXT),
                        base,
                        progress -> true);
        HfModel.toGguf(base, gguf, new ByteVocabulary(RandomLlama.CHATML), TensorType.F32);
        TrainingConfig learning = TrainingConfig.of(new PytorchTrainer(), base)
                .plan(PLAN)
                .epochs(EPOCHS)
                .itemsPerAdapter(EACH)
                .compute(ALONE)
                .bounds(new TrainingConfig.AcceptanceBounds(0.9, 3, 256L << 20, 2));
        ActivationRuntime runtime = KvCacheBenchmark.provider()
                .open(ActivationOptions.of(gguf)
                        .contextTokens(8_192)
                        .handles(16)
                        .threads(1));
        try (MemOs memos = MemOs.open(MemOsConfig.at(folder.resolve("cube"))
                .withChat(new ChatConfig.LocalModel(runtime, CacheQuota.DEFAULT))
                .withTraining(learning))) {
            return compare(memos.cube("lessons"), runtime);
        }
    }

    private List<BenchmarkFigure> compare(MemCube cube, ActivationRuntime runtime) throws IOException {
        cube.adapters().policy(LearningPolicy.DEFAULT.consent(true).heat(0).stable(Duration.ZERO));
        List<List<Example>> lessons = new ArrayList<>();
        List<AdapterFiles> shards = new ArrayList<>();
        int active = 0;
        for (int lesson = 0; lesson < LESSONS; lesson++) {
            List<ItemId> items = new ArrayList<>();
            for (int i = 0; i < EACH; i++) {
                int number = lesson * EACH + i;
                String fact = NAMES.get(number) + FACTS.get(number % FACTS.size());
                items.add(cube.add(Note.of(fact).as(ItemType.FACT))
                        .items()
                        .getFirst()
                        .id());
            }
            cube.awaitIdle(Duration.ofMinutes(1));
            lessons.add(cube.adapters().curriculum(items).examples());
            for (Adapter adapter : cube.adapters().train(items, progress -> true)) {
                String hash = adapter.artifact().orElseThrow().hash();
                Path own = folder.resolve("cube").resolve("adapters").resolve(hash);
                shards.add(new AdapterFiles(hash, own.resolve("adapter.gguf"), own.resolve("peft")));
                active += adapter.state() == AdapterState.ACTIVE ? 1 : 0;
            }
        }
        List<Example> questions = lessons.stream()
                .flatMap(List::stream)
                .filter(each -> each.kind() == Kind.QUESTION)
                .toList();
        cube.adapters().list().stream()
                .filter(adapter -> adapter.state() != AdapterState.ACTIVE)
                .forEach(adapter -> System.err.println(adapter.id() + ": " + adapter.evaluation()));
        double routed = recallWithRouter(cube, questions);
        Path naive = trainContinually(runtime, lessons, 1, "naive");
        Path half = trainContinually(runtime, lessons, 0.5, "half");
        Path quarter = trainContinually(runtime, lessons, 0.25, "quarter");
        return List.of(
                BenchmarkFigure.atLeast("ten lessons: recall with one adapter each and router", routed, "%", BUDGET),
                BenchmarkFigure.baseline("adapters that passed their evaluation, of " + LESSONS, active, ""),
                BenchmarkFigure.baseline("one adapter with continued training", recall(runtime, naive, questions), "%"),
                BenchmarkFigure.baseline(
                        "  of its last lesson",
                        recall(runtime, naive, questions.subList(questions.size() - EACH, questions.size())),
                        "%"),
                BenchmarkFigure.baseline(
                        "one adapter, each lesson merged by 0.5", recall(runtime, half, questions), "%"),
                BenchmarkFigure.baseline(
                        "one adapter, each lesson merged by 0.25", recall(runtime, quarter, questions), "%"),
                BenchmarkFigure.baseline(
                        "all ten adapters at once", combinedRecall(runtime, shards, 1, questions), "%"),
                BenchmarkFigure.baseline(
                        "all ten adapters at once, each by 0.3", combinedRecall(runtime, shards, 0.3, questions), "%"),
                BenchmarkFigure.baseline("the base alone", recallWith(runtime, AdapterMix.NONE, questions), "%"));
    }

    private static double recallWithRouter(MemCube cube, List<Example> questions) {
        long right = questions.stream()
                .filter(each -> containsAnswer(
                        cube.chat(ChatRequest.of(each.prompt())
                                        .memoryTokens(0)
                                        .maxTokens(24)
                                        .remember(false))
                                .text(),
                        each.answer()))
                .count();
        return 100.0 * right / questions.size();
    }

    /** Trains one adapter lesson after lesson, and merges the given share of each into it. */
    private Path trainContinually(ActivationRuntime runtime, List<List<Example>> lessons, double share, String name)
            throws IOException {
        Optional<Path> last = Optional.empty();
        for (int lesson = 0; lesson < lessons.size(); lesson++) {
            Path learned = folder.resolve(name + "-" + lesson);
            List<TrainingExample> examples = lessons.get(lesson).stream()
                    .map(each -> example(runtime, each.prompt(), each.answer()))
                    .toList();
            TrainingRequest request = TrainingRequest.of(base, learned, examples)
                    .lora(LoraShape.ofRank(8))
                    // As many steps as the engine takes, with its unrelated prompts.
                    .plan(PLAN.epochs(EPOCHS, examples.size() + 24))
                    .compute(ALONE);
            new PytorchTrainer().train(last.map(request::start).orElse(request), progress -> true);
            last = Optional.of(
                    last.isEmpty() || share == 1 ? learned : merge(last.orElseThrow(), learned, share, name + lesson));
        }
        return last.orElseThrow();
    }

    private Path merge(Path former, Path latter, double share, String name) throws IOException {
        BaseModel model = BaseModel.ofFolder(base);
        Path place = folder.resolve("merged-" + name);
        try (LoraAdapter before = LoraAdapter.readPeft(former, model);
                LoraAdapter after = LoraAdapter.readPeft(latter, model)) {
            AdapterInterpolation.of(before, after, share).writePeft(place, TensorType.F32);
        }
        return place;
    }

    private double recall(ActivationRuntime runtime, Path peft, List<Example> questions) throws IOException {
        Path file = folder.resolve(peft.getFileName() + ".gguf");
        try (LoraAdapter adapter = LoraAdapter.readPeft(peft, BaseModel.ofFolder(base))) {
            if (!file.toFile().exists()) {
                adapter.writeGguf(file, TensorType.F32);
            }
        }
        return combinedRecall(runtime, List.of(new AdapterFiles(Sha256Hash.of(file), file, peft)), 1, questions);
    }

    private static double combinedRecall(
            ActivationRuntime runtime, List<AdapterFiles> adapters, double scale, List<Example> questions) {
        List<LoadedAdapter> loaded = adapters.stream().map(runtime::load).toList();
        AdapterMix mix = new AdapterMix(
                loaded.stream().map(each -> new AdapterMix.Part(each, scale)).toList());
        double recalled = recallWith(runtime, mix, questions);
        loaded.forEach(LoadedAdapter::close);
        return recalled;
    }

    private static double recallWith(ActivationRuntime runtime, AdapterMix mix, List<Example> questions) {
        long right = questions.stream()
                .filter(each -> {
                    int[] prompt = runtime.tokenize(turns(each.prompt()), true);
                    try (ActivationHandle handle = runtime.prefill(prompt, mix)) {
                        return containsAnswer(
                                handle.generate(GenerationOptions.greedy(24)).text(), each.answer());
                    }
                })
                .count();
        return 100.0 * right / questions.size();
    }

    private static boolean containsAnswer(String text, String answer) {
        return text.contains(answer);
    }

    private static List<ChatTurn> turns(String question) {
        return List.of(ChatTurn.system(SystemPreamble.TEXT), ChatTurn.user(question));
    }

    private static TrainingExample example(ActivationRuntime runtime, String question, String answer) {
        List<ChatTurn> all = new ArrayList<>(turns(question));
        int[] prompt = runtime.tokenize(all, true);
        all.add(ChatTurn.assistant(answer));
        int[] tokens = runtime.tokenize(all, false);
        return TrainingExample.answer(prompt, Arrays.copyOfRange(tokens, prompt.length, tokens.length));
    }
}
