/** MemLifecycle: how items come to hold no longer, and hold again. */
@NullMarked
package io.memos4j.core.history;

import org.jspecify.annotations.NullMarked;
