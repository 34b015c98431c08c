/** TODO io.memos4j.cli.search. */
@NullMarked
package io.memos4j.cli.search;

import org.jspecify.annotations.NullMarked;
