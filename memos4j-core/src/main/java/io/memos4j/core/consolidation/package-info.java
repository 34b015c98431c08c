/**
 * Background consolidation of a cube: relations, deduplication, conflict resolution, summaries and profiles; and
 * explanations of where a memory came from.
 */
@NullMarked
package io.memos4j.core.consolidation;

import org.jspecify.annotations.NullMarked;
