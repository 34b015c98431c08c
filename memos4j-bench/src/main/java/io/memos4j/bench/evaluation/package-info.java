/** Measures how well a memory finds what it was given, on labelled sets; the format is in docs/evaluation.md. */
@NullMarked
package io.memos4j.bench.evaluation;

import org.jspecify.annotations.NullMarked;
