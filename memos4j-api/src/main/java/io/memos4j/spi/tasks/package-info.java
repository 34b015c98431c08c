/** The durable task queue of the vault. */
@NullMarked
package io.memos4j.spi.tasks;

import org.jspecify.annotations.NullMarked;
