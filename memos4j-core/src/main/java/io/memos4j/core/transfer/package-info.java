/** Merging cubes and moving items between them. */
@NullMarked
package io.memos4j.core.transfer;

import org.jspecify.annotations.NullMarked;
