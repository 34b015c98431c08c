package io.memos4j.client;

import java.time.Instant;
import java.util.Optional;

/**
 * What a memory was at a time.
 *
 * @param cause what made this version, for example {@code add} or {@code update}
 * @param actor in whose name
 * @param superseded when the next version took its place; empty for the current one
 */
public record MemoryVersion(MemoryRecord memory, String cause, String actor, Optional<Instant> superseded) {}
