/** Utilities shared by the modules of memos4j. Not public API: may change without notice. */
@NullMarked
package io.memos4j.internal;

import org.jspecify.annotations.NullMarked;
