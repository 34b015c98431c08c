/**
 * Reading and chunking documents: bytes of a known format become text and chunks that follow its structure. The door is
 * {@link io.memos4j.core.reader.document.DocumentReader}.
 */
@NullMarked
package io.memos4j.core.reader.document;

import org.jspecify.annotations.NullMarked;
