/** Evaluation of retrieval quality, load benchmarks with plain baselines, JMH. */
@NullMarked
package io.memos4j.bench;

import org.jspecify.annotations.NullMarked;
