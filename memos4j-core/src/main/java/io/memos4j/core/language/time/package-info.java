/** Expressions of time in English and Chinese text, and the dates they mean. */
@NullMarked
package io.memos4j.core.language.time;

import org.jspecify.annotations.NullMarked;
