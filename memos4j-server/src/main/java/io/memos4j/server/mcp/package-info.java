/** The memory as tools, resources and a prompt of the Model Context Protocol. */
@NullMarked
package io.memos4j.server.mcp;

import org.jspecify.annotations.NullMarked;
