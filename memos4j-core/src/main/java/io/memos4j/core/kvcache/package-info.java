/** Activation memory: KV artifacts of what is read often, kept while they pay for their room. */
@NullMarked
package io.memos4j.core.kvcache;

import org.jspecify.annotations.NullMarked;
