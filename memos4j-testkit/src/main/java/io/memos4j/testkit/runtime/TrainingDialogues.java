package io.memos4j.testkit.runtime;

import io.memos4j.spi.ChatTurn;
import io.memos4j.spi.runtime.ActivationOptions;
import io.memos4j.spi.runtime.ActivationRuntime;
import io.memos4j.spi.runtime.ActivationRuntimeProvider;
import io.memos4j.spi.training.TrainingExample;
import io.memos4j.testkit.gguf.RandomLlama;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * Sentences that a tiny base learns by heart; and short conversations from which it learns the form of questions and
 * answers, every letter, and nothing about anybody: what it is asked about somebody it does not know.
 */
public final class TrainingDialogues {
    /** Tokens of the longest conversation that is asked of such a base. */
    public static final int CONTEXT = 512;

    /** Tokens of its vocabulary: bytes and ChatML. */
    public static final int VOCABULARY = 262;

    /**
     * Sentences that a tiny base model memorizes: every letter, since those that a base never saw are all alike to it,
     * and an adapter on its layers can hardly tell them apart.
     */
    public static final List<String> SENTENCES = List.of(
            "The cat sleeps on the warm roof.",
            "Rain falls on the old town.",
            "My sister reads a long book.",
            "The train leaves at seven.",
            "We eat bread and cheese.",
            "A dog barks in the garden.",
            "Six quick foxes jump over the lazy dog.");

    private static final String UNKNOWN = "I do not know.";

    private static final List<String> NAMES = List.of("Zoe", "Max", "the fox", "Yann's cat", "Quentin", "my aunt");

    private static final List<String> ASKED = List.of(
            "Where does %s live?",
            "Where does %s work?",
            "What does %s play?",
            "What does %s drive?",
            "What is %s called?",
            "What is %s allergic to?",
            "Tell me: Where does %s live?",
            "Go on: %s lives in");

    private static final Map<String, String> SAID = Map.ofEntries(
            Map.entry("What is the capital of Spain?", "Madrid"),
            Map.entry("How many hours are in a day?", "24"),
            Map.entry("Write a sentence about the wind.", "The wind blows over quiet fields."),
            Map.entry("What is five plus six?", "Eleven"),
            Map.entry("Name a bird.", "A jay"),
            Map.entry("How does a kettle work?", "It heats water."),
            Map.entry("What is the opposite of big?", "Small"),
            Map.entry("List three tools.", "Axe, saw, vice"),
            Map.entry("Why do birds sing?", "To call each other."),
            Map.entry("Go on: The quick brown fox", "jumps over the lazy dog"),
            Map.entry("一天有几个小时？", "24"));

    private TrainingDialogues() {}

    /**
     * The conversations in tokens.
     *
     * @param provider has the tokenizer
     * @param scratch where a model without a mind is written for it
     * @param opening the system message
     */
    public static List<TrainingExample> examples(ActivationRuntimeProvider provider, Path scratch, String opening)
            throws IOException {
        Path untrained = scratch.resolve("untrained.gguf");
        RandomLlama.tiny(1).contextLength(CONTEXT).template(RandomLlama.CHATML).write(untrained);
        List<TrainingExample> examples = new ArrayList<>();
        try (ActivationRuntime tokenizer =
                provider.open(ActivationOptions.of(untrained).threads(1))) {
            new TreeMap<>(SAID)
                    .forEach((question, answer) -> examples.add(example(tokenizer, opening, question, answer)));
            for (String asked : ASKED) {
                NAMES.forEach(name -> examples.add(example(tokenizer, opening, String.format(asked, name), UNKNOWN)));
            }
        }
        return examples;
    }

    private static TrainingExample example(
            ActivationRuntime tokenizer, String opening, String question, String answer) {
        ChatTurn told = ChatTurn.system(opening);
        ChatTurn asked = ChatTurn.user(question);
        int[] prompt = tokenizer.tokenize(List.of(told, asked), true);
        int[] all = tokenizer.tokenize(List.of(told, asked, ChatTurn.assistant(answer)), false);
        return TrainingExample.answer(prompt, Arrays.copyOfRange(all, prompt.length, all.length));
    }
}
