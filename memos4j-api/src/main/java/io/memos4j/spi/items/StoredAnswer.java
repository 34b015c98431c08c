package io.memos4j.spi.items;

/**
 * The remembered answer to a request with an idempotency key.
 *
 * @param requestHash identifies the request's content
 * @param answer as core wrote it
 */
public record StoredAnswer(String requestHash, String answer) {}
