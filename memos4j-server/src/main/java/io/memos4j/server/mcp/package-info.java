/** The Model Context Protocol (MCP): memories as tools, resources and a prompt. */
@NullMarked
package io.memos4j.server.mcp;

import org.jspecify.annotations.NullMarked;
