/** Work that goes on after a call has returned. */
@NullMarked
package io.memos4j.core.tasks;

import org.jspecify.annotations.NullMarked;
