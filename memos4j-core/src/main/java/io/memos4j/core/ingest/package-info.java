/** Input to items: checks and repairs text, cuts it into passages, recognises what was there before. */
@NullMarked
package io.memos4j.core.ingest;

import org.jspecify.annotations.NullMarked;
