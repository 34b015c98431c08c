/** Activation memory: KV artifacts of what is read often, kept while they pay for their room. */
@NullMarked
package io.memos4j.core.activation;

import org.jspecify.annotations.NullMarked;
