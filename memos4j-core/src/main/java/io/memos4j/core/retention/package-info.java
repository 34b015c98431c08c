/** Use, heat and working memory: what was used lately, and what a session has at hand. */
@NullMarked
package io.memos4j.core.retention;

import org.jspecify.annotations.NullMarked;
