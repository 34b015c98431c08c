/**
 * Reading and chunking documents: bytes of a known format become text and chunks that follow its structure. The door is
 * {@link io.memos4j.core.ingest.document.DocumentReader}.
 */
@NullMarked
package io.memos4j.core.ingest.document;

import org.jspecify.annotations.NullMarked;
