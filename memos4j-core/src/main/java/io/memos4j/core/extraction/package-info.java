/** MemReader with a model: reads a window of messages and proposes what to remember. Stores nothing. */
@NullMarked
package io.memos4j.core.extraction;

import org.jspecify.annotations.NullMarked;
