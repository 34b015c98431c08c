/** Reports of merging cubes and of moving items between them. */
@NullMarked
package io.memos4j.api.transfer;

import org.jspecify.annotations.NullMarked;
