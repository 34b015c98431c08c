/** Model files for tests and measurements, written from a seed. */
@NullMarked
package io.memos4j.testkit.gguf;

import org.jspecify.annotations.NullMarked;
