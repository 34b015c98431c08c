package io.memos4j.spi.vault;

/** Use of language models: calls, failed ones included, and tokens in and out. */
public record ModelSpending(int calls, long tokens) {}
