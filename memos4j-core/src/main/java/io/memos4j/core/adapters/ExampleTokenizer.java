package io.memos4j.core.adapters;

import io.memos4j.api.ItemId;
import io.memos4j.api.adapters.ParametricMemory.Example;
import io.memos4j.api.adapters.ParametricMemory.Kind;
import io.memos4j.core.privacy.SensitiveSpan;
import io.memos4j.core.prompt.SystemPreamble;
import io.memos4j.spi.ChatTurn;
import io.memos4j.spi.runtime.ActivationRuntime;
import io.memos4j.spi.training.ModelProbe;
import io.memos4j.spi.training.TrainingExample;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Converts training and evaluation examples to the tokens and chat template of the model that answers. */
final class ExampleTokenizer {
    /** The tokens of the base model's own answers that are trained, to keep its behavior unchanged. */
    private static final int ANCHOR_TOKENS = 16;

    private final ActivationRuntime runtime;

    ExampleTokenizer(ActivationRuntime runtime) {
        this.runtime = runtime;
    }

    /** Tokenizes the examples, and answers of the base model to unrelated prompts that must not change. */
    List<TrainingExample> trainingExamples(List<Example> examples, ModelProbe base) {
        List<TrainingExample> result = new ArrayList<>();
        examples.forEach(each -> result.add(trainingExample(each.prompt(), each.answer())));
        for (String prompt : LocalityPrompts.TRAINED) {
            String answer = decode(base.generate(promptTokens(prompt), ANCHOR_TOKENS, token -> false));
            if (!answer.isBlank()) {
                result.add(trainingExample(prompt, answer));
            }
        }
        return result;
    }

    private TrainingExample trainingExample(String prompt, String answer) {
        AdapterEvaluationSet.Question question = question(prompt, answer);
        return TrainingExample.answer(question.prompt(), question.answer()).text(prompt, answer);
    }

    /** Builds the evaluation set: for each memory its questions, or its other examples if it has none. */
    AdapterEvaluationSet evaluationSet(List<Example> examples, List<Example> forgotten, List<SensitiveSpan> canaries) {
        return new AdapterEvaluationSet(
                questionsByItem(examples).stream()
                        .map(each -> question(each.prompt, each.answer))
                        .toList(),
                questionsByItem(forgotten).stream().map(this::forgottenFact).toList(),
                LocalityPrompts.EVALUATED.stream().map(this::promptTokens).toList(),
                canaries.stream().map(SensitiveSpan::text).distinct().toList());
    }

    private AdapterEvaluationSet.ForgottenFact forgottenFact(QuestionAnswer asked) {
        List<AdapterEvaluationSet.Question> controls = ControlAnswers.of(asked.answer).stream()
                .map(other -> question(asked.prompt, other))
                .toList();
        return new AdapterEvaluationSet.ForgottenFact(question(asked.prompt, asked.answer), controls);
    }

    private record QuestionAnswer(String prompt, String answer) {}

    private static List<QuestionAnswer> questionsByItem(List<Example> examples) {
        Map<ItemId, List<Example>> byItem = new LinkedHashMap<>();
        examples.forEach(each -> each.item()
                .ifPresent(item ->
                        byItem.computeIfAbsent(item, id -> new ArrayList<>()).add(each)));
        return byItem.values().stream()
                .flatMap(all -> {
                    List<Example> questions = all.stream()
                            .filter(each -> each.kind() == Kind.QUESTION)
                            .toList();
                    return (questions.isEmpty() ? all : questions).stream();
                })
                .map(each -> new QuestionAnswer(each.prompt(), each.answer()))
                .toList();
    }

    /** Splits the tokens into the question, up to where the answer begins, and the answer up to the end of the turn. */
    private AdapterEvaluationSet.Question question(String prompt, String answer) {
        int[] asked = promptTokens(prompt);
        List<ChatTurn> turns = new ArrayList<>(turns(prompt));
        turns.add(ChatTurn.assistant(answer));
        int[] answered = runtime.tokenize(turns, false);
        int mismatch = Arrays.mismatch(asked, answered);
        int from = mismatch < 0 || mismatch > asked.length ? asked.length : mismatch;
        return new AdapterEvaluationSet.Question(
                Arrays.copyOf(answered, from), Arrays.copyOfRange(answered, from, answered.length), answer);
    }

    private int[] promptTokens(String prompt) {
        return runtime.tokenize(turns(prompt), true);
    }

    private static List<ChatTurn> turns(String prompt) {
        return List.of(ChatTurn.system(SystemPreamble.TEXT), ChatTurn.user(prompt));
    }

    String decode(int[] tokens) {
        return runtime.detokenize(tokens);
    }
}
