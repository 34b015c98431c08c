/** Use, heat and working memory; tasks that archive, expire and preload memories. */
@NullMarked
package io.memos4j.core.retention;

import org.jspecify.annotations.NullMarked;
