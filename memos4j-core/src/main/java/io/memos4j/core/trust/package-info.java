/** Trust in memories: who may instruct, and the screening of what others say. See decision 032. */
@NullMarked
package io.memos4j.core.trust;

import org.jspecify.annotations.NullMarked;
