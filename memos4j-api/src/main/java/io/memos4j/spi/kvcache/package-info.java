/** TODO io.memos4j.spi.kvcache. */
@NullMarked
package io.memos4j.spi.kvcache;

import org.jspecify.annotations.NullMarked;
