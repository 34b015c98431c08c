/** TODO io.memos4j.cli.server. */
@NullMarked
package io.memos4j.cli.server;

import org.jspecify.annotations.NullMarked;
