/** Copying items between the cubes of a vault. */
@NullMarked
package io.memos4j.spi.transfer;

import org.jspecify.annotations.NullMarked;
