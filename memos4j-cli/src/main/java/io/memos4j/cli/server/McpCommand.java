package io.memos4j.cli.server;

import io.memos4j.cli.command.ExitCode;
import io.memos4j.cli.options.CubeOption;
import io.memos4j.core.MemOs;
import io.memos4j.server.mcp.McpStdioServer;
import java.io.IOException;
import java.io.PrintStream;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** Serves MCP over standard input and output until the client closes the pipe. */
@Command(
        name = "mcp",
        description = {
            "Serve the memory to an agent over standard input and output, with the Model Context Protocol.",
            "This is for programs that start their tools themselves; a server speaks MCP at /mcp (see: serve)."
        })
public final class McpCommand extends ServingCommand {
    @Mixin
    private CubeOption cube;

    @Override
    protected int run(MemOs memos) throws IOException {
        PrintStream protocol = System.out;
        // Output of libraries must not mix with the messages.
        System.setOut(System.err);
        try {
            McpStdioServer.serve(memos, cube.name(), System.in, protocol);
        } finally {
            System.setOut(protocol);
        }
        return ExitCode.OK;
    }
}
