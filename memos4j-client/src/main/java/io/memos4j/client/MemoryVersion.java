package io.memos4j.client;

import java.time.Instant;
import java.util.Optional;

/**
 * A version of a memory.
 *
 * @param cause the operation that created it, for example {@code add} or {@code update}
 * @param actor the principal or task that created it
 * @param superseded the time at which the next version replaced it; empty for the current version
 */
public record MemoryVersion(MemoryRecord memory, String cause, String actor, Optional<Instant> superseded) {}
