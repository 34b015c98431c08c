/** TODO io.memos4j.spi.training. */
@NullMarked
package io.memos4j.spi.training;

import org.jspecify.annotations.NullMarked;
