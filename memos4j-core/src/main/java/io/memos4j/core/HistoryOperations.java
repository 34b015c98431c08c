package io.memos4j.core;

import io.memos4j.core.history.MonotonicClock;

/** The operations of time machines; one set an engine, shared by its cubes. */
public record HistoryOperations(RollbackOperation rollback, ForkOperation fork, MonotonicClock clock) {}
