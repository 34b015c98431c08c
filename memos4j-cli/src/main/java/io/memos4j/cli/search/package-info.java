/** Commands that find memories. */
@NullMarked
package io.memos4j.cli.search;

import org.jspecify.annotations.NullMarked;
