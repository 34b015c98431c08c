/** TODO io.memos4j.spi.items. */
@NullMarked
package io.memos4j.spi.items;

import org.jspecify.annotations.NullMarked;
