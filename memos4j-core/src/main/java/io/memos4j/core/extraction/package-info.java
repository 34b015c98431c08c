/**
 * Extraction of memories from messages with a language model: prompts, parsing, validation against the sources, and the
 * task that applies the results.
 */
@NullMarked
package io.memos4j.core.extraction;

import org.jspecify.annotations.NullMarked;
