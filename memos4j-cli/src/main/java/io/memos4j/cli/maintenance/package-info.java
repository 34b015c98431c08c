/** TODO io.memos4j.cli.maintenance. */
@NullMarked
package io.memos4j.cli.maintenance;

import org.jspecify.annotations.NullMarked;
