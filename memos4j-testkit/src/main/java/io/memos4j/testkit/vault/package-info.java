/** The contract of vaults, one class for each topic, and vaults that fail on purpose. */
@NullMarked
package io.memos4j.testkit.vault;

import org.jspecify.annotations.NullMarked;
