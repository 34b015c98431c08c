/** TODO io.memos4j.cli.output. */
@NullMarked
package io.memos4j.cli.output;

import org.jspecify.annotations.NullMarked;
