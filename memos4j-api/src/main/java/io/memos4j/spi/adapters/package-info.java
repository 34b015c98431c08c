/** TODO io.memos4j.spi.adapters. */
@NullMarked
package io.memos4j.spi.adapters;

import org.jspecify.annotations.NullMarked;
