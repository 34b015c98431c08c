/** Background tasks that let memories age, and that prepare what a session will need next. */
@NullMarked
package io.memos4j.core.upkeep;

import org.jspecify.annotations.NullMarked;
