/** Model runtimes that keep KV caches and apply adapters. */
@NullMarked
package io.memos4j.spi.runtime;

import org.jspecify.annotations.NullMarked;
