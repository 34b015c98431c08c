/** TODO io.memos4j.spi.index. */
@NullMarked
package io.memos4j.spi.index;

import org.jspecify.annotations.NullMarked;
