/** Commands on versions, supersession, snapshots and earlier times. */
@NullMarked
package io.memos4j.cli.history;

import org.jspecify.annotations.NullMarked;
