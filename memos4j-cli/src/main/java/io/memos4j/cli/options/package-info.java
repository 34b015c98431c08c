/** Options shared by several commands. */
@NullMarked
package io.memos4j.cli.options;

import org.jspecify.annotations.NullMarked;
