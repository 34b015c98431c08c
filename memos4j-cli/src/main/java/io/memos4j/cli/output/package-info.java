/** Output of commands, as text for people or as JSON. */
@NullMarked
package io.memos4j.cli.output;

import org.jspecify.annotations.NullMarked;
