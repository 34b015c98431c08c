package io.memos4j.spi.vault;

/** What language models cost: calls, answered or not, and their tokens in and out. */
public record ModelSpending(int calls, long tokens) {}
