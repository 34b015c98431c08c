package io.memos4j.core.adapters;

import java.util.List;

/**
 * Prompts unrelated to any memory, for measuring and preserving locality. Some are trained with the answers of the base
 * model to keep them unchanged; the others evaluate the result.
 */
final class LocalityPrompts {
    static final List<String> TRAINED = List.of(
            "What is the capital of France?",
            "How many days are in a week?",
            "Write a sentence about the sea.",
            "What is two plus three?",
            "Name a colour.",
            "How does a bicycle work?",
            "Translate 'good morning' into Spanish.",
            "Why is the sky blue?",
            "List three fruits.",
            "What is the opposite of cold?",
            "Explain what a library is.",
            "What is the capital of Japan?",
            "How many minutes are in an hour?",
            "Write a sentence about winter.",
            "What is six times two?",
            "Name a city.",
            "How does a lamp work?",
            "Why is ice slippery?",
            "List three instruments.",
            "What is the opposite of heavy?",
            "Who wrote Hamlet?",
            "一周有几天？",
            "写一句关于春天的话。");

    static final List<String> EVALUATED = List.of(
            "What is the capital of Italy?",
            "How many months are in a year?",
            "Write a sentence about the mountains.",
            "What is ten minus four?",
            "Name an animal.",
            "How does a clock work?",
            "Why does it rain?",
            "List three vegetables.",
            "What is the opposite of early?",
            "一年有几个季节？");

    private LocalityPrompts() {}
}
