/** The memory server: serves an open engine over HTTP. */
@NullMarked
package io.memos4j.server;

import org.jspecify.annotations.NullMarked;
