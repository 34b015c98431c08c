/** TODO io.memos4j.spi.vault. */
@NullMarked
package io.memos4j.spi.vault;

import org.jspecify.annotations.NullMarked;
