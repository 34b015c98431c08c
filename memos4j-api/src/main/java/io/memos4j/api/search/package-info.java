/** TODO io.memos4j.api.search. */
@NullMarked
package io.memos4j.api.search;

import org.jspecify.annotations.NullMarked;
