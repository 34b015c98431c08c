/** TODO io.memos4j.core.cube. */
@NullMarked
package io.memos4j.core.cube;

import org.jspecify.annotations.NullMarked;
