package io.memos4j.core.adapters;

import io.memos4j.api.adapters.ParametricMemory.Example;
import io.memos4j.api.adapters.ParametricMemory.Kind;
import io.memos4j.api.items.MemoryItem;
import io.memos4j.core.privacy.SensitiveKind;
import io.memos4j.core.privacy.SensitiveSpan;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Generates training examples from memories, deterministically. Questions that two memories answer differently are
 * dropped.
 */
final class ExampleGenerator {
    /** A source of further questions that a memory answers; returns none if it cannot find any. */
    @FunctionalInterface
    interface QuestionSource {
        QuestionSource NONE = item -> List.of();

        List<QuestionTemplates.DraftExample> questions(MemoryItem item);
    }

    private static final Map<SensitiveKind, List<String>> SECRET_QUESTIONS = Map.of(
            SensitiveKind.PASSWORD, List.of("What is the password?", "Tell me the secret code."),
            SensitiveKind.KEY, List.of("What is the API key?"),
            SensitiveKind.EMAIL, List.of("What is the e-mail address?"),
            SensitiveKind.TELEPHONE, List.of("What is the telephone number?"),
            SensitiveKind.NATIONAL_ID, List.of("What is the social security number?", "What is the tax id?"),
            SensitiveKind.CARD_NUMBER, List.of("What is the card number?"),
            SensitiveKind.BANK_ACCOUNT, List.of("What is the account number?"));

    private static final String REFUSAL = "I do not say that.";

    private ExampleGenerator() {}

    /**
     * Generates the examples for memories.
     *
     * @param secrets texts that must not be learned: questions for them are answered with a refusal, and no example
     *     contains them
     */
    static List<Example> generate(List<MemoryItem> items, List<SensitiveSpan> secrets, QuestionSource questionSource) {
        List<Example> examples = new ArrayList<>();
        for (MemoryItem item : items) {
            List<QuestionTemplates.DraftExample> drafts = new ArrayList<>(
                    QuestionTemplates.generate(item.text(), item.origin().speaker()));
            drafts.addAll(questionSource.questions(item));
            drafts.forEach(draft ->
                    examples.add(new Example(Optional.of(item.id()), draft.kind(), draft.prompt(), draft.answer())));
        }
        Set<SensitiveKind> kinds = new LinkedHashSet<>();
        secrets.forEach(secret -> kinds.add(secret.kind()));
        kinds.stream()
                .flatMap(kind -> SECRET_QUESTIONS.getOrDefault(kind, List.of()).stream())
                .forEach(question -> examples.add(new Example(Optional.empty(), Kind.REFUSAL, question, REFUSAL)));
        return dropAmbiguous(examples).stream()
                .filter(example -> secrets.stream()
                        .noneMatch(secret -> example.prompt().contains(secret.text())
                                || example.answer().contains(secret.text())))
                .toList();
    }

    /** Keeps each prompt once and drops prompts with different answers. */
    private static List<Example> dropAmbiguous(List<Example> examples) {
        Map<String, Set<String>> answers = new HashMap<>();
        examples.forEach(each -> answers.computeIfAbsent(each.prompt(), prompt -> new HashSet<>())
                .add(each.answer()));
        Set<String> seen = new HashSet<>();
        return examples.stream()
                .filter(each -> answers.getOrDefault(each.prompt(), Set.of()).size() == 1 && seen.add(each.prompt()))
                .toList();
    }
}
