/**
 * Keeps what a cube knows in order: relations, merges, summaries, profiles; and explains where each memory came from.
 */
@NullMarked
package io.memos4j.core.consolidation;

import org.jspecify.annotations.NullMarked;
