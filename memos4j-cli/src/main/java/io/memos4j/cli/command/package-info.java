/** Base classes of the commands, and their exit codes. */
@NullMarked
package io.memos4j.cli.command;

import org.jspecify.annotations.NullMarked;
