/** TODO io.memos4j.testkit.runtime. */
@NullMarked
package io.memos4j.testkit.runtime;

import org.jspecify.annotations.NullMarked;
