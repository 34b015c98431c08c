/** TODO io.memos4j.spi.models. */
@NullMarked
package io.memos4j.spi.models;

import org.jspecify.annotations.NullMarked;
