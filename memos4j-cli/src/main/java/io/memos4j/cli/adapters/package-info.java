/** TODO io.memos4j.cli.adapters. */
@NullMarked
package io.memos4j.cli.adapters;

import org.jspecify.annotations.NullMarked;
