/** Versions, supersessions, snapshots and the time machine of a cube. */
@NullMarked
package io.memos4j.api.history;

import org.jspecify.annotations.NullMarked;
