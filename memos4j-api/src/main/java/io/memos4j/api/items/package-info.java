/** TODO io.memos4j.api.items. */
@NullMarked
package io.memos4j.api.items;

import org.jspecify.annotations.NullMarked;
