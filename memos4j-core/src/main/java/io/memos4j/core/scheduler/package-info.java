/** Work that goes on after a call has returned. */
@NullMarked
package io.memos4j.core.scheduler;

import org.jspecify.annotations.NullMarked;
