/** Ingestion: parses inputs into items, checks and repairs text, splits it into passages, and detects duplicates. */
@NullMarked
package io.memos4j.core.ingest;

import org.jspecify.annotations.NullMarked;
