/** Promoted items and saved KV caches as the vault records them. */
@NullMarked
package io.memos4j.spi.kvcache;

import org.jspecify.annotations.NullMarked;
