package io.memos4j.cli.server;

import io.memos4j.cli.command.EngineCommand;
import io.memos4j.cli.options.CubeOption;
import io.memos4j.core.MemOs;
import io.memos4j.core.MemOsConfig.Background;
import io.memos4j.server.mcp.McpStdioServer;
import java.io.IOException;
import java.io.PrintStream;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** Speaks MCP with the program that started it, until that closes the pipe. */
@Command(
        name = "mcp",
        description = {
            "Serve the memory to an agent over standard input and output, by the Model Context Protocol.",
            "For programs that start their tools themselves; a server for many speaks it at /mcp (see: serve)."
        })
public final class McpCommand extends EngineCommand {
    @Mixin
    private CubeOption cube;

    @Override
    public boolean usesLanguageModel() {
        return true;
    }

    @Override
    public boolean usesReranker() {
        return true;
    }

    @Override
    public Background background() {
        return Background.DEFAULT;
    }

    @Override
    public int run(MemOs memos) throws IOException {
        PrintStream protocol = System.out;
        // What a library prints must not get between the messages.
        System.setOut(System.err);
        try {
            McpStdioServer.serve(memos, cube.name(), System.in, protocol);
        } finally {
            System.setOut(protocol);
        }
        return 0;
    }
}
