package io.memos4j.runtime.llamacpp.cube;

import io.memos4j.modelfiles.ByteVocabulary;
import io.memos4j.modelfiles.HfModel;
import io.memos4j.modelfiles.Numbers;
import io.memos4j.spi.ActivationOptions;
import io.memos4j.spi.ActivationRuntime;
import io.memos4j.spi.ActivationRuntimeProvider;
import io.memos4j.spi.ChatTurn;
import io.memos4j.spi.Compute;
import io.memos4j.spi.TrainingExample;
import io.memos4j.spi.TrainingPlan;
import io.memos4j.testkit.gguf.RandomLlama;
import io.memos4j.trainer.pytorch.BaseShape;
import io.memos4j.trainer.pytorch.BaseTrainer;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.ServiceLoader;
import java.util.TreeMap;

/**
 * A tiny base that was trained, from nothing but seeds, to hold short conversations: it knows the form of questions and answers and every
 * letter, and nothing about anybody.
 *
 * @param folder in the layout of Hugging Face
 * @param gguf the same weights for llama.cpp
 */
record TinyChatModel(Path folder, Path gguf) {
    private static final String OPENING =
            "You have a memory of earlier conversations and documents. Use what helps to answer; say so if it does not tell.";

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

    static ActivationRuntime open(Path gguf) {
        return ServiceLoader.load(ActivationRuntimeProvider.class)
                .findFirst()
                .orElseThrow()
                .open(ActivationOptions.of(gguf)
                        .contextTokens(8_192)
                        .handles(16)
                        .threads(1));
    }

    static TinyChatModel trained(Path into) throws IOException {
        Path untrained = into.resolve("untrained.gguf");
        RandomLlama.tiny(1).contextLength(512).template(RandomLlama.CHATML).write(untrained);
        List<TrainingExample> examples = new ArrayList<>();
        try (ActivationRuntime tokenizer = open(untrained)) {
            new TreeMap<>(SAID).forEach((question, answer) -> examples.add(example(tokenizer, question, answer)));
            for (String asked : ASKED) {
                NAMES.forEach(name -> examples.add(example(tokenizer, String.format(asked, name), UNKNOWN)));
            }
        }
        BaseShape shape = new BaseShape("llama", 262, 2, 96, 4, 2, 192, 512);
        TrainingPlan plan = TrainingPlan.ofSteps(300).batch(8, 1).learningRate(6e-3);
        Path folder = into.resolve("base");
        new BaseTrainer(shape, plan, Compute.processor().threads(1)).train(examples, folder, progress -> true);
        Path gguf = into.resolve("base.gguf");
        HfModel.toGguf(folder, gguf, new ByteVocabulary(RandomLlama.CHATML), Numbers.F32);
        return new TinyChatModel(folder, gguf);
    }

    private static TrainingExample example(ActivationRuntime tokenizer, String question, String answer) {
        List<ChatTurn> turns = List.of(ChatTurn.system(OPENING), ChatTurn.user(question));
        int[] prompt = tokenizer.tokenize(turns, true);
        int[] all = tokenizer.tokenize(List.of(turns.getFirst(), turns.getLast(), ChatTurn.assistant(answer)), false);
        return TrainingExample.answer(prompt, Arrays.copyOfRange(all, prompt.length, all.length));
    }
}
