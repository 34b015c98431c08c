package io.memos4j.core.parametric;

import io.memos4j.spi.VaultWriter;
import java.util.function.Predicate;

/** Where the results of a training are written: in the name of its caller or under the lease of a task. */
@FunctionalInterface
public interface Ledger {
    /** Writes in one transaction; what it answers. */
    boolean write(Predicate<VaultWriter> step);
}
