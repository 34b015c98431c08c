/**
 * Interfaces that the parts of the engine implement: vaults, indexes, models, runtimes and trainers.
 *
 * <p>Implementations are found with {@link java.util.ServiceLoader} and must pass the contract kits of
 * {@code memos4j-testkit}.
 */
@NullMarked
package io.memos4j.spi;

import org.jspecify.annotations.NullMarked;
