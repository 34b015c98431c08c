package io.memos4j.trainer.pytorch;

import io.memos4j.api.adapters.LoraShape;
import io.memos4j.api.adapters.LoraTarget;
import io.memos4j.api.adapters.TrainingRecord;
import io.memos4j.modelfiles.BaseModel;
import io.memos4j.modelfiles.LoraAdapter;
import io.memos4j.spi.training.AdapterTrainer;
import io.memos4j.spi.training.ComputeOptions.Precision;
import io.memos4j.spi.training.ModelProbe;
import io.memos4j.spi.training.ModelProbeProvider;
import io.memos4j.spi.training.ModelProbeProvider.Model;
import io.memos4j.spi.training.TrainedAdapter;
import io.memos4j.spi.training.TrainingExample;
import io.memos4j.spi.training.TrainingPlan;
import io.memos4j.spi.training.TrainingProgress;
import io.memos4j.spi.training.TrainingRequest;
import io.memos4j.testkit.runtime.TrainingDialogues;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.ServiceLoader;
import java.util.Set;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

/** A tiny base that was trained here learns a sentence through an adapter, and the base itself does not change. */
class PytorchLearningTest {
    private static final TrainingExample FACT = ByteTokens.answer("The key of Ada is ", "under the blue pot.");
    private static final TrainingPlan PLAN =
            TrainingPlan.ofSteps(120).batch(1, 1).learningRate(1e-2);

    @TempDir
    static Path bases;

    private static Path base;
    private static double baseLoss;

    @TempDir
    Path folder;

    @BeforeAll
    static void trainBase() {
        base = bases.resolve("llama");
        baseLoss = TinyBase.trained(base, "llama");
    }

    private static TrainingRequest request(Path output, TrainingExample... examples) {
        return TrainingRequest.of(base, output, List.of(examples))
                .plan(PLAN)
                .lora(LoraShape.ofRank(4))
                .compute(ByteTokens.ALONE);
    }

    private static TrainedAdapter train(TrainingRequest request) {
        return new PytorchTrainer().train(request, progress -> true);
    }

    private static ModelProbe open(Model model) {
        return new PytorchProbes().open(model.compute(ByteTokens.ALONE));
    }

    private static String said(ModelProbe probe, String beginning) {
        return ByteTokens.text(probe.generate(ByteTokens.begin(beginning), 40, token -> token == ByteTokens.END));
    }

    private static double[] likelihoods(Model model, TrainingExample example) {
        try (ModelProbe probe = open(model)) {
            return likelihoods(probe, example.tokens());
        }
    }

    /** Returns the natural logarithm of the probability of each token but the first. */
    private static double[] likelihoods(ModelProbe probe, int[] tokens) {
        float[][] logits = probe.logits(tokens, 0);
        double[] likelihoods = new double[tokens.length - 1];
        for (int i = 0; i < likelihoods.length; i++) {
            double sum = 0;
            for (float each : logits[i]) {
                sum += Math.exp(each);
            }
            likelihoods[i] = logits[i][tokens[i + 1]] - Math.log(sum);
        }
        return likelihoods;
    }

    @Test
    void baseTrainedFromASeedSaysItsSentences() {
        assertThat(baseLoss).isLessThan(0.2);
        try (ModelProbe probe = open(Model.of(base))) {
            for (String sentence : TrainingDialogues.SENTENCES) {
                assertThat(said(probe, sentence.substring(0, 5))).isEqualTo(sentence.substring(5));
            }
        }
    }

    @Test
    void adapterTeachesASentenceAndItsScaleTakesItBack() {
        List<TrainingProgress> seen = new ArrayList<>();
        TrainedAdapter trained = new PytorchTrainer().train(request(folder.resolve("a"), FACT), seen::add);
        assertThat(trained.record().finalLoss()).isLessThan(0.02);
        assertThat(seen).hasSize(120).allMatch(progress -> progress.steps() == 120 && progress.tokensPerSecond() > 0);
        assertThat(seen.getFirst().loss()).isGreaterThan(2);

        Model model = Model.of(base).adapter(trained.folder());
        try (ModelProbe plain = open(Model.of(base));
                ModelProbe taught = open(model);
                ModelProbe off = open(model.scale(0))) {
            assertThat(said(taught, "The key of Ada is ")).isEqualTo("under the blue pot.");
            assertThat(said(plain, "The key of Ada is ")).isNotEqualTo("under the blue pot.");
            assertThat(off.logits(FACT.tokens(), 0)).isDeepEqualTo(plain.logits(FACT.tokens(), 0));
            double sum = Arrays.stream(likelihoods(taught, FACT.tokens()))
                    .skip(FACT.length() - 21)
                    .sum();
            assertThat(sum).isGreaterThan(-1);
        }
    }

    @Test
    void recordTellsWhereTheAdapterComesFrom() {
        TrainingRequest request =
                request(folder.resolve("a"), FACT).plan(PLAN.steps(300).learningRate(1e-4));
        TrainingRecord record = train(request).record();
        assertThat(record.trainer()).isEqualTo("pytorch 2.7.1");
        assertThat(record.dataHash())
                .isEqualTo(TrainingExample.hashOf(List.of(FACT)))
                .hasSize(64);
        assertThat(record.baseHash()).hasSize(64);
        assertThat(record.seed()).isEqualTo(1);
        assertThat(record.steps()).isEqualTo(300);
        assertThat(record.tokens()).isEqualTo(300L * FACT.length());
        assertThat(record.curve()).hasSize(150).last().satisfies(point -> {
            assertThat(point.step()).isEqualTo(300);
            assertThat(point.loss()).isEqualTo(record.finalLoss());
        });
        assertThat(record.tokensPerSecond()).isPositive();
    }

    @Test
    void sameRequestGivesTheSameBytes() throws Exception {
        train(request(folder.resolve("a"), FACT));
        train(request(folder.resolve("b"), FACT));
        train(request(folder.resolve("c"), FACT).plan(PLAN.seed(2)));
        byte[] first = Files.readAllBytes(folder.resolve("a/adapter_model.safetensors"));
        assertThat(folder.resolve("b/adapter_model.safetensors")).hasBinaryContent(first);
        assertThat(Files.readAllBytes(folder.resolve("c/adapter_model.safetensors")))
                .isNotEqualTo(first);
    }

    @Test
    void accumulationCountsAsOneLargerBatch() {
        TrainingExample[] examples = {
            FACT,
            ByteTokens.text("Ann likes tea."),
            ByteTokens.text("Bob has two old boats."),
            ByteTokens.text("It is noon.")
        };
        TrainingPlan plan = PLAN.steps(8);
        double together = train(request(folder.resolve("a"), examples).plan(plan.batch(4, 1)))
                .record()
                .finalLoss();
        double apart = train(request(folder.resolve("b"), examples).plan(plan.batch(2, 2)))
                .record()
                .finalLoss();
        assertThat(apart).isEqualTo(together, within(1e-3));
    }

    @Test
    void trainingGoesOnFromAnAdapter() {
        TrainedAdapter first = train(request(folder.resolve("a"), FACT));
        List<TrainingProgress> seen = new ArrayList<>();
        new PytorchTrainer()
                .train(request(folder.resolve("b"), FACT).start(first.folder()).plan(PLAN.steps(3)), seen::add);
        assertThat(seen.getFirst().loss()).isLessThan(0.05);
    }

    @Test
    void onlyTheAnswerIsTaughtAndOnlyTheTargetsChange() {
        TrainingRequest request = request(folder.resolve("a"), FACT)
                .lora(LoraShape.ofRank(4).targets(Set.of(LoraTarget.QUERY, LoraTarget.VALUE)));
        Path adapter = train(request).folder();
        try (LoraAdapter file = LoraAdapter.readPeft(adapter, BaseModel.ofFolder(base))) {
            assertThat(file.factors().keySet())
                    .extracting(matrix -> matrix.target().name())
                    .containsOnly("QUERY", "VALUE")
                    .hasSize(4);
        }
        double[] before = likelihoods(Model.of(base), FACT);
        double[] after = likelihoods(Model.of(base).adapter(adapter), FACT);
        int answer = FACT.length() - 1 - 20;
        assertThat(sum(after, answer) - sum(before, answer)).isGreaterThan(20);
        assertThat(Arrays.stream(after).limit(answer).sum()).isLessThan(sum(after, answer));
    }

    private static double sum(double[] values, int from) {
        return Arrays.stream(values).skip(from).sum();
    }

    @Test
    void halfOfTheBitsTeachTheSame() {
        TrainingRequest request =
                request(folder.resolve("a"), FACT).compute(ByteTokens.ALONE.precision(Precision.BF16));
        TrainedAdapter trained = train(request);
        assertThat(trained.record().finalLoss()).isLessThan(0.1);
        try (ModelProbe probe = open(Model.of(base).adapter(trained.folder()))) {
            assertThat(said(probe, "The key of Ada is ")).isEqualTo("under the blue pot.");
        }
    }

    @Test
    void trainerAndProbesAreFoundByTheirServices() {
        assertThat(ServiceLoader.load(AdapterTrainer.class))
                .extracting(AdapterTrainer::name)
                .allMatch("pytorch"::equals)
                .hasSize(1);
        assertThat(ServiceLoader.load(ModelProbeProvider.class))
                .hasOnlyElementsOfType(PytorchProbes.class)
                .hasSize(1);
    }
}
