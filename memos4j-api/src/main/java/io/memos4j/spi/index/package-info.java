/** The search index of a cube: derived from the vault, and rebuilt from it at any time. */
@NullMarked
package io.memos4j.spi.index;

import org.jspecify.annotations.NullMarked;
