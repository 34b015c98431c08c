/** Contract tests and fakes that every vault, index and embedder must pass. */
@NullMarked
package io.memos4j.testkit;

import org.jspecify.annotations.NullMarked;
