/** TODO io.memos4j.api.transfer. */
@NullMarked
package io.memos4j.api.transfer;

import org.jspecify.annotations.NullMarked;
