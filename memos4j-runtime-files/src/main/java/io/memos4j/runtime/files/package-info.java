/** Saved activations on disk: one checked file format for all runtimes. */
@NullMarked
package io.memos4j.runtime.files;

import org.jspecify.annotations.NullMarked;
