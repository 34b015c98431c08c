/** TODO io.memos4j.internal. */
@NullMarked
package io.memos4j.internal;

import org.jspecify.annotations.NullMarked;
