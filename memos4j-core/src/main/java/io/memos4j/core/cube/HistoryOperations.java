package io.memos4j.core.cube;

import io.memos4j.core.clock.MonotonicClock;

/** The operations of time machines; one set an engine, shared by its cubes. */
public record HistoryOperations(RollbackOperation rollback, ForkOperation fork, MonotonicClock clock) {}
