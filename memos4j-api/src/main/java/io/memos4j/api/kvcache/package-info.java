/** Activation memory: KV caches of prompt prefixes. */
@NullMarked
package io.memos4j.api.kvcache;

import org.jspecify.annotations.NullMarked;
