/**
 * Expressions of time in texts, and the dates they mean. Wordings are data of the language packs, meanings are code.
 */
@NullMarked
package io.memos4j.core.language.time;

import org.jspecify.annotations.NullMarked;
