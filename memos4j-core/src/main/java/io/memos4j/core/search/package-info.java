/** Search: query analysis, candidates, fusion, ranking stages, deduplication and the rendered context. */
@NullMarked
package io.memos4j.core.search;

import org.jspecify.annotations.NullMarked;
