/** Open search indexes: a bounded number, always caught up with the vault. */
@NullMarked
package io.memos4j.core.index;

import org.jspecify.annotations.NullMarked;
