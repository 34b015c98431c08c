/** TODO io.memos4j.api.kvcache. */
@NullMarked
package io.memos4j.api.kvcache;

import org.jspecify.annotations.NullMarked;
