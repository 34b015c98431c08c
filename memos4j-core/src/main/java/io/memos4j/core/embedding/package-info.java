/** The vector space of the engine: which embedder, loaded when. */
@NullMarked
package io.memos4j.core.embedding;

import org.jspecify.annotations.NullMarked;
