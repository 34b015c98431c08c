/** TODO io.memos4j.testkit.vault. */
@NullMarked
package io.memos4j.testkit.vault;

import org.jspecify.annotations.NullMarked;
