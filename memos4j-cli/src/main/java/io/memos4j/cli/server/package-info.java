/** Commands that serve other programs, over HTTP or MCP. */
@NullMarked
package io.memos4j.cli.server;

import org.jspecify.annotations.NullMarked;
