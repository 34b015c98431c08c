/** Adapters as the vault records them. */
@NullMarked
package io.memos4j.spi.adapters;

import org.jspecify.annotations.NullMarked;
