/** Benchmarks of speed and size against budgets, each beside a plain baseline in the same run. */
@NullMarked
package io.memos4j.bench.performance;

import org.jspecify.annotations.NullMarked;
