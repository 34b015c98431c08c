/** The memory operating system: the one dependency a user adds. */
@NullMarked
package io.memos4j.core;

import org.jspecify.annotations.NullMarked;
