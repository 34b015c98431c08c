/** Items that go from one cube to another. */
@NullMarked
package io.memos4j.core.composition;

import org.jspecify.annotations.NullMarked;
