/** TODO io.memos4j.spi.tasks. */
@NullMarked
package io.memos4j.spi.tasks;

import org.jspecify.annotations.NullMarked;
