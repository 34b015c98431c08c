/** Supersession, rollback and the states of items. */
@NullMarked
package io.memos4j.core.history;

import org.jspecify.annotations.NullMarked;
