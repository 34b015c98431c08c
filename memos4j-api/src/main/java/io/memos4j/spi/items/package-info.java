/** Items, passages, vectors and relations as the vault stores them. */
@NullMarked
package io.memos4j.spi.items;

import org.jspecify.annotations.NullMarked;
