/**
 * Activation memory: KV caches of stable prompt prefixes in slots, in memory and on disk, and chats that reuse them.
 */
@NullMarked
package io.memos4j.core.kvcache;

import org.jspecify.annotations.NullMarked;
