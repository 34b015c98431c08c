/** TODO io.memos4j.testkit.index. */
@NullMarked
package io.memos4j.testkit.index;

import org.jspecify.annotations.NullMarked;
