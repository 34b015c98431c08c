/** Search: analysis of the query, candidates, fusion, folding of duplicates, packing into a context. */
@NullMarked
package io.memos4j.core.search;

import org.jspecify.annotations.NullMarked;
