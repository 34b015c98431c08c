/** Operations: metrics, tracing, the access log, backups. */
@NullMarked
package io.memos4j.server.operations;

import org.jspecify.annotations.NullMarked;
