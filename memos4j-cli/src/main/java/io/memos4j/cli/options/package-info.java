/** TODO io.memos4j.cli.options. */
@NullMarked
package io.memos4j.cli.options;

import org.jspecify.annotations.NullMarked;
