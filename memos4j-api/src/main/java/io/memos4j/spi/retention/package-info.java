/** Usage records, aging and working memory as the vault stores them. */
@NullMarked
package io.memos4j.spi.retention;

import org.jspecify.annotations.NullMarked;
