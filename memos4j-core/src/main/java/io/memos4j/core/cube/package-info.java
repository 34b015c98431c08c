/** Cubes of an open engine: add, edit, delete, chat, feedback, transfers and the time machine, one class for each. */
@NullMarked
package io.memos4j.core.cube;

import org.jspecify.annotations.NullMarked;
