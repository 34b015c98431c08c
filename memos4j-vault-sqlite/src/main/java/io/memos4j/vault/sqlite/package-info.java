/** The default vault: one SQLite database. */
@NullMarked
package io.memos4j.vault.sqlite;

import org.jspecify.annotations.NullMarked;
