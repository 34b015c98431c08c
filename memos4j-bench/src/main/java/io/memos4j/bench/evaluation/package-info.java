/** Measures retrieval quality on labeled sets; docs/evaluation.md describes their format. */
@NullMarked
package io.memos4j.bench.evaluation;

import org.jspecify.annotations.NullMarked;
