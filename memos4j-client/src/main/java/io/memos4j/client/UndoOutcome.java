package io.memos4j.client;

import java.util.List;

/**
 * The result of undoing a change.
 *
 * @param change the ID of the change
 * @param restored the memories that got their former state back
 * @param repeated true if it had been undone before: nothing was changed now
 */
public record UndoOutcome(String change, List<MemoryRecord> restored, boolean repeated) {}
