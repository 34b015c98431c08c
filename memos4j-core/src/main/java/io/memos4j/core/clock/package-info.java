/** The sources of ids and of recorded times; injected wherever something is recorded. */
@NullMarked
package io.memos4j.core.clock;

import org.jspecify.annotations.NullMarked;
