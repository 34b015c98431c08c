/** Items that go from one cube to another. */
@NullMarked
package io.memos4j.core.transfer;

import org.jspecify.annotations.NullMarked;
