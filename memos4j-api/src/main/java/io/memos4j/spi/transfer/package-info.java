/** TODO io.memos4j.spi.transfer. */
@NullMarked
package io.memos4j.spi.transfer;

import org.jspecify.annotations.NullMarked;
