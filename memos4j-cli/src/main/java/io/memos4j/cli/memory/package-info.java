/** TODO io.memos4j.cli.memory. */
@NullMarked
package io.memos4j.cli.memory;

import org.jspecify.annotations.NullMarked;
