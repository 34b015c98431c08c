/** Looks for erased words in every byte of a data directory, by keyed fingerprints. */
@NullMarked
package io.memos4j.core.erasure;

import org.jspecify.annotations.NullMarked;
