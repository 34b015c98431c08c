/** Commands that measure quality and speed. */
@NullMarked
package io.memos4j.cli.evaluation;

import org.jspecify.annotations.NullMarked;
