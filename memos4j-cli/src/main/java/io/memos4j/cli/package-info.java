/** The command line. */
@NullMarked
package io.memos4j.cli;

import org.jspecify.annotations.NullMarked;
