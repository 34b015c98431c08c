/** TODO io.memos4j.cli.cubes. */
@NullMarked
package io.memos4j.cli.cubes;

import org.jspecify.annotations.NullMarked;
