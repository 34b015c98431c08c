package io.memos4j.cli;

import io.memos4j.core.MemOs;
import io.memos4j.core.MemOsConfig.Background;
import io.memos4j.server.mcp.McpPipe;
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
final class McpCommand extends MemoryCommand {
    @Mixin
    private CubeOption cube;

    @Override
    boolean reads() {
        return true;
    }

    @Override
    boolean searches() {
        return true;
    }

    @Override
    Background background() {
        return Background.DEFAULT;
    }

    @Override
    int run(MemOs memos) throws IOException {
        PrintStream protocol = System.out;
        // What a library prints must not get between the messages.
        System.setOut(System.err);
        try {
            McpPipe.serve(memos, cube.name(), System.in, protocol);
        } finally {
            System.setOut(protocol);
        }
        return 0;
    }
}
