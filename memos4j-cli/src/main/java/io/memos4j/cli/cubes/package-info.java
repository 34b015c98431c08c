/** Commands that manage cubes and transfer items between them. */
@NullMarked
package io.memos4j.cli.cubes;

import org.jspecify.annotations.NullMarked;
