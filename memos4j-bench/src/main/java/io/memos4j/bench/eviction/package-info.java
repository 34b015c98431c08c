/** Eviction policies compared on request traces. */
@NullMarked
package io.memos4j.bench.eviction;

import org.jspecify.annotations.NullMarked;
