/** Commands that add, extract, list, correct and erase memories. */
@NullMarked
package io.memos4j.cli.memory;

import org.jspecify.annotations.NullMarked;
