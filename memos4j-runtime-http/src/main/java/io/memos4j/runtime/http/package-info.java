/** Inference servers that are spoken to over HTTP: each a runtime whose computed prefixes are handles. */
@NullMarked
package io.memos4j.runtime.http;

import org.jspecify.annotations.NullMarked;
