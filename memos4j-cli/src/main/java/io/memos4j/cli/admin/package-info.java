/** TODO io.memos4j.cli.admin. */
@NullMarked
package io.memos4j.cli.admin;

import org.jspecify.annotations.NullMarked;
