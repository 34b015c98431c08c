/** TODO io.memos4j.spi.access. */
@NullMarked
package io.memos4j.spi.access;

import org.jspecify.annotations.NullMarked;
