/** TODO io.memos4j.cli.history. */
@NullMarked
package io.memos4j.cli.history;

import org.jspecify.annotations.NullMarked;
