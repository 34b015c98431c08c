/** The memory server: one process that serves an open engine over HTTP. */
@NullMarked
package io.memos4j.server;

import org.jspecify.annotations.NullMarked;
