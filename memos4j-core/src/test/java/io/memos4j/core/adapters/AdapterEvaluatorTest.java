package io.memos4j.core.adapters;

import io.memos4j.api.adapters.AdapterEvaluation;
import io.memos4j.core.TrainingConfig.AcceptanceBounds;
import io.memos4j.core.adapters.AdapterEvaluationSet.ForgottenFact;
import io.memos4j.core.adapters.AdapterEvaluationSet.Question;
import io.memos4j.spi.training.ModelProbe;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.function.IntPredicate;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

class AdapterEvaluatorTest {
    private static final Instant NOW = Instant.parse("2026-01-01T00:00:00Z");

    /** A model over ASCII characters with one fixed, very likely answer per prompt. */
    private record Parrot(Map<String, String> answers, float certainty) implements ModelProbe {
        @Override
        public float[][] logits(int[] tokens, int from) {
            float[][] rows = new float[tokens.length - from][128];
            String all = text(tokens);
            answers.forEach((prompt, answer) -> {
                if (all.startsWith(prompt)) {
                    for (int i = from; i < tokens.length; i++) {
                        int said = i + 1 - prompt.length();
                        if (said >= 0
                                && said < answer.length()
                                && all.startsWith(answer.substring(0, said), prompt.length())) {
                            rows[i - from][answer.charAt(said)] = certainty;
                        }
                    }
                }
            });
            return rows;
        }

        @Override
        public int[] generate(int[] prompt, int most, IntPredicate end) {
            return answers.getOrDefault(text(prompt), "?").chars().limit(most).toArray();
        }

        @Override
        public void close() {}
    }

    private static String text(int[] tokens) {
        return new String(tokens, 0, tokens.length);
    }

    private static Question question(String prompt, String answer) {
        return new Question(prompt.chars().toArray(), answer.chars().toArray(), answer);
    }

    private static AdapterEvaluation examined(Parrot adapted, Parrot base, AdapterEvaluationSet paper) {
        return new AdapterEvaluator(adapted, base, AdapterEvaluatorTest::text, AcceptanceBounds.DEFAULT)
                .evaluate(paper, 1_000, NOW);
    }

    private static AdapterEvaluationSet paper(
            List<Question> questions, List<ForgottenFact> forgotten, List<String> canaries) {
        return new AdapterEvaluationSet(
                questions, forgotten, List.of("sky:".chars().toArray()), canaries);
    }

    private final Parrot base = new Parrot(Map.of("sky:", "blue"), 20);

    @Test
    void admitsWhatRecallsAndLeavesTheRestAlone() {
        Parrot adapted = new Parrot(Map.of("sky:", "blue", "dog:", "Rex!"), 20);

        AdapterEvaluation evaluation =
                examined(adapted, base, paper(List.of(question("dog:", "Rex")), List.of(), List.of("hunter2")));

        assertThat(evaluation.passed()).isTrue();
        assertThat(evaluation.recalled()).isEqualTo(1);
        assertThat(evaluation.recalledByBase()).isZero();
        assertThat(evaluation.likelihood()).isGreaterThan(-0.1);
        assertThat(evaluation.likelihoodOfBase()).isCloseTo(-Math.log(128), within(1e-6));
        assertThat(evaluation.divergence()).isCloseTo(0, within(1e-9));
        assertThat(evaluation.canaries()).isEqualTo(1);
        assertThat(evaluation.leaks()).isZero();
    }

    @Test
    void refusesWhatDoesNotRecall() {
        assertThat(examined(base, base, paper(List.of(question("dog:", "Rex")), List.of(), List.of()))
                        .reasons())
                .singleElement()
                .asString()
                .contains("recalls 0 of 1");
    }

    @Test
    void refusesWhatChangesUnrelatedAnswers() {
        Parrot adapted = new Parrot(Map.of("sky:", "Rex", "dog:", "Rex"), 20);

        AdapterEvaluation evaluation =
                examined(adapted, base, paper(List.of(question("dog:", "Rex")), List.of(), List.of()));

        assertThat(evaluation.reasons()).singleElement().asString().contains("unrelated");
        assertThat(evaluation.worstDivergence()).isGreaterThan(0.5);
    }

    @Test
    void refusesWhatLeaks() {
        Parrot adapted = new Parrot(Map.of("sky:", "blue", "dog:", "Rex, hunter2"), 20);

        assertThat(examined(adapted, base, paper(List.of(question("dog:", "Rex")), List.of(), List.of("hunter2")))
                        .reasons())
                .singleElement()
                .asString()
                .contains("reveals 1 secrets");
    }

    @Test
    void refusesWhatHasNotForgotten() {
        Parrot adapted = new Parrot(Map.of("sky:", "blue", "dog:", "Rex", "cat:", "Tom"), 20);

        assertThat(examined(
                                adapted,
                                base,
                                paper(
                                        List.of(question("dog:", "Rex")),
                                        List.of(new ForgottenFact(
                                                question("cat:", "Tom"), List.of(question("cat:", "Omt")))),
                                        List.of()))
                        .reasons())
                .hasSize(2)
                .anyMatch(reason -> reason.contains("still answers 1"))
                .anyMatch(reason -> reason.contains("likelier than untaught ones"));
    }

    @Test
    void answersOfOneFormMayBecomeLikelierTogether() {
        Parrot broad = new Parrot(Map.of("sky:", "blue", "dog:", "Rex"), 20);
        ForgottenFact forgotten = new ForgottenFact(question("cat:", "Tom"), List.of(question("cat:", "Omt")));

        assertThat(examined(broad, base, paper(List.of(question("dog:", "Rex")), List.of(forgotten), List.of()))
                        .passed())
                .isTrue();
    }

    @Test
    void controlsHaveTheFormOfTheAnswer() {
        assertThat(ControlAnswers.of("Rex 7!")).containsExactly("Ex7 r!", "X7r e!", "7re x!");
        assertThat(ControlAnswers.of("a")).isEmpty();
        assertThat(ControlAnswers.of("…")).isEmpty();
        assertThat(ControlAnswers.of("上海")).containsExactly("海上");
    }

    @Test
    void whatIsNoNumberIsRefused() {
        Parrot broken = new Parrot(Map.of("sky:", "blue", "dog:", "Rex"), Float.NaN);

        assertThat(examined(broken, base, paper(List.of(question("dog:", "Rex")), List.of(), List.of()))
                        .reasons())
                .anyMatch(reason -> reason.contains("unrelated"));
    }

    @Test
    void comparesAnswersByTheirWords() {
        assertThat(AdapterEvaluator.saysAnswer("It is  REX!", "Rex")).isTrue();
        assertThat(AdapterEvaluator.saysAnswer("Rexford", "Rex")).isFalse();
        assertThat(AdapterEvaluator.saysAnswer("it is c++.", "C++")).isTrue();
        assertThat(AdapterEvaluator.saysAnswer("It is C#.", "C++")).isFalse();
        assertThat(AdapterEvaluator.saysAnswer("It is 18 °C.", "-18 °C")).isFalse();
        assertThat(AdapterEvaluator.saysAnswer("她住在上海。", "上海")).isTrue();
        assertThat(AdapterEvaluator.saysAnswer("anything", "…")).isFalse();
    }

    @Test
    void divergenceIsThatOfTwoDistributions() {
        float[] even = new float[2];
        float[] uneven = {(float) Math.log(3), 0};

        double divergence = TokenDistribution.ofLogits(even).divergence(TokenDistribution.ofLogits(uneven));

        assertThat(divergence).isCloseTo(0.5 * Math.log(0.5 / 0.75) + 0.5 * Math.log(0.5 / 0.25), within(1e-6));
        assertThat(Arrays.stream(TokenDistribution.ofLogits(uneven).logProbabilities())
                        .map(Math::exp)
                        .sum())
                .isCloseTo(1, within(1e-9));
    }
}
