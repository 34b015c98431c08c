/** The demonstration. */
@NullMarked
package io.memos4j.cli.demo;

import org.jspecify.annotations.NullMarked;
