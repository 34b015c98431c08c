package io.memos4j.api;

/**
 * Something the caller should know although the call succeeded.
 *
 * @param code stable, for example {@code deadline_exceeded}
 * @param message what happened, on what, and what to do
 */
public record Warning(String code, String message) {}
