/** TODO io.memos4j.cli.evaluation. */
@NullMarked
package io.memos4j.cli.evaluation;

import org.jspecify.annotations.NullMarked;
