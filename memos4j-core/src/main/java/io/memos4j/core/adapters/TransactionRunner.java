package io.memos4j.core.adapters;

import io.memos4j.spi.vault.VaultWriter;
import java.util.function.Predicate;

/** Runs the transactions of a cube: directly for a caller, or under the lease of a task. */
@FunctionalInterface
public interface TransactionRunner {
    /** Runs a step in one transaction and returns its result. */
    boolean run(Predicate<VaultWriter> step);
}
