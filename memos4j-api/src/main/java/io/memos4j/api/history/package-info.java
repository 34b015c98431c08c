/** TODO io.memos4j.api.history. */
@NullMarked
package io.memos4j.api.history;

import org.jspecify.annotations.NullMarked;
