/**
 * What the engine asks of its parts: the vault (durable truth), the cube index (derived search), the embedder, and
 * runtimes that keep what a language model has computed.
 *
 * <p>Implementations are found with {@link java.util.ServiceLoader} and must pass the contract kits of
 * {@code memos4j-testkit}.
 */
@NullMarked
package io.memos4j.spi;

import org.jspecify.annotations.NullMarked;
