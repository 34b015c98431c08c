/** TODO io.memos4j.spi.retention. */
@NullMarked
package io.memos4j.spi.retention;

import org.jspecify.annotations.NullMarked;
