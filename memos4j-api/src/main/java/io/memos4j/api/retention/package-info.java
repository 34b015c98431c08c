/** TODO io.memos4j.api.retention. */
@NullMarked
package io.memos4j.api.retention;

import org.jspecify.annotations.NullMarked;
