package io.memos4j.core.adapters;

import io.memos4j.spi.vault.VaultWriter;
import java.util.function.Predicate;

/** Where the results of a training are written: in the name of its caller or under the lease of a task. */
@FunctionalInterface
public interface TransactionRunner {
    /** Writes in one transaction; what it answers. */
    boolean run(Predicate<VaultWriter> step);
}
