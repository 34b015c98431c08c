/** Measures speed and size against the budgets, each figure beside a plain baseline in the same run. */
@NullMarked
package io.memos4j.bench.performance;

import org.jspecify.annotations.NullMarked;
