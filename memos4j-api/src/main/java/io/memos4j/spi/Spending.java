package io.memos4j.spi;

/** What language models cost: calls, answered or not, and their tokens in and out. */
public record Spending(int calls, long tokens) {}
