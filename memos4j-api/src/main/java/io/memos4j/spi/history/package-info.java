/** TODO io.memos4j.spi.history. */
@NullMarked
package io.memos4j.spi.history;

import org.jspecify.annotations.NullMarked;
