/** What operators need: metrics, traces, the log of calls, backups. */
@NullMarked
package io.memos4j.server.operations;

import org.jspecify.annotations.NullMarked;
