/** TODO io.memos4j.spi.runtime. */
@NullMarked
package io.memos4j.spi.runtime;

import org.jspecify.annotations.NullMarked;
