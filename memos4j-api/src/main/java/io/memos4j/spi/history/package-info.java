/** Earlier states of cubes in the vault. */
@NullMarked
package io.memos4j.spi.history;

import org.jspecify.annotations.NullMarked;
