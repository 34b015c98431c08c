/** Retention policies, the heat of items, and working memory. */
@NullMarked
package io.memos4j.api.retention;

import org.jspecify.annotations.NullMarked;
