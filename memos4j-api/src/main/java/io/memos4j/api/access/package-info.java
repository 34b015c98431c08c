/** TODO io.memos4j.api.access. */
@NullMarked
package io.memos4j.api.access;

import org.jspecify.annotations.NullMarked;
