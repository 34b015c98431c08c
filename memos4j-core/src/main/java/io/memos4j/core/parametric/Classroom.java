package io.memos4j.core.parametric;

import io.memos4j.api.ItemId;
import io.memos4j.api.ParametricMemory.Example;
import io.memos4j.api.ParametricMemory.Kind;
import io.memos4j.core.prompt.Opening;
import io.memos4j.spi.ActivationRuntime;
import io.memos4j.spi.ChatTurn;
import io.memos4j.spi.ModelProbe;
import io.memos4j.spi.TrainingExample;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Writes training data and examination papers in the tokens and the template of the model that answers, as its conversations are. */
final class Classroom {
    /** Tokens of the base's answers that are trained so that it stays as it is. */
    private static final int ANCHOR = 16;

    private final ActivationRuntime runtime;

    Classroom(ActivationRuntime runtime) {
        this.runtime = runtime;
    }

    /** What is taught, and what is to stay as it is with this base. */
    List<TrainingExample> lessons(List<Example> examples, ModelProbe base) {
        List<TrainingExample> lessons = new ArrayList<>();
        examples.forEach(each -> lessons.add(lesson(each.prompt(), each.answer())));
        for (String prompt : Neutral.TRAINED) {
            String answer = text(base.generate(prompt(prompt), ANCHOR, token -> false));
            if (!answer.isBlank()) {
                lessons.add(lesson(prompt, answer));
            }
        }
        return lessons;
    }

    private TrainingExample lesson(String prompt, String answer) {
        Paper.Question question = question(prompt, answer);
        return TrainingExample.answer(question.prompt(), question.answer()).text(prompt, answer);
    }

    /** The paper for what is taught by these examples: of each memory its questions, or what stands for them. */
    Paper paper(List<Example> examples, List<Example> forgotten, List<SensitiveText.Secret> canaries) {
        return new Paper(
                asked(examples).stream()
                        .map(each -> question(each.prompt, each.answer))
                        .toList(),
                asked(forgotten).stream().map(this::forgotten).toList(),
                Neutral.EXAMINED.stream().map(this::prompt).toList(),
                canaries.stream().map(SensitiveText.Secret::text).distinct().toList());
    }

    private Paper.Forgotten forgotten(Asked asked) {
        List<Paper.Question> controls = Controls.of(asked.answer).stream()
                .map(other -> question(asked.prompt, other))
                .toList();
        return new Paper.Forgotten(question(asked.prompt, asked.answer), controls);
    }

    private record Asked(String prompt, String answer) {}

    private static List<Asked> asked(List<Example> examples) {
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
                .map(each -> new Asked(each.prompt(), each.answer()))
                .toList();
    }

    /** A question up to where its answer begins, and the answer up to the end of the turn. */
    private Paper.Question question(String prompt, String answer) {
        int[] asked = prompt(prompt);
        List<ChatTurn> turns = new ArrayList<>(turns(prompt));
        turns.add(ChatTurn.assistant(answer));
        int[] answered = runtime.tokenize(turns, false);
        int mismatch = Arrays.mismatch(asked, answered);
        int from = mismatch < 0 || mismatch > asked.length ? asked.length : mismatch;
        return new Paper.Question(
                Arrays.copyOf(answered, from), Arrays.copyOfRange(answered, from, answered.length), answer);
    }

    private int[] prompt(String prompt) {
        return runtime.tokenize(turns(prompt), true);
    }

    private static List<ChatTurn> turns(String prompt) {
        return List.of(ChatTurn.system(Opening.TEXT), ChatTurn.user(prompt));
    }

    String text(int[] tokens) {
        return runtime.detokenize(tokens);
    }
}
