/** Inference servers over HTTP as runtimes, whose computed prefixes are handles. */
@NullMarked
package io.memos4j.runtime.http;

import org.jspecify.annotations.NullMarked;
