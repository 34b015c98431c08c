/** TODO io.memos4j.cli.command. */
@NullMarked
package io.memos4j.cli.command;

import org.jspecify.annotations.NullMarked;
