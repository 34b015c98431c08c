/** The contract of cube indexes. */
@NullMarked
package io.memos4j.testkit.index;

import org.jspecify.annotations.NullMarked;
