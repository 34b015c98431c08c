/** Saved activations on disk, in one checked file format for all runtimes, and the counters of runtimes. */
@NullMarked
package io.memos4j.runtime.files;

import org.jspecify.annotations.NullMarked;
