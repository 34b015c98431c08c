package io.memos4j.server.mcp;

import io.memos4j.core.MemOs;
import io.memos4j.server.mcp.McpMessageHandler.Reply;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Optional;

/**
 * Serves the Model Context Protocol over standard input and output: one JSON message per line, answered in order. The
 * client started this process and owns its data. When the input ends, every message has been answered.
 */
public final class McpStdioServer {
    private static final int LONGEST_LINE = 8 << 20;

    /** The actor recorded in versions that an agent creates. */
    private static final String ACTOR = "mcp";

    private McpStdioServer() {}

    /**
     * Serves until the input ends.
     *
     * @param cube the default cube; created if it is missing
     */
    public static void serve(MemOs memos, String cube, InputStream in, OutputStream out) throws IOException {
        memos.cube(cube);
        McpMessageHandler messages = McpMessageHandler.create(cube);
        McpAccess access = new OwnerAccess(memos, cube);
        BufferedReader lines = new BufferedReader(new InputStreamReader(in, StandardCharsets.UTF_8));
        for (Optional<String> line = next(lines); line.isPresent(); line = next(lines)) {
            String message = line.get();
            if (message.isBlank()) {
                continue;
            }
            Reply reply = memos.runAs(ACTOR, () -> messages.handle(access, message));
            if (reply.json().isPresent()) {
                out.write((reply.json().get() + "\n").getBytes(StandardCharsets.UTF_8));
                out.flush();
            }
        }
    }

    /** Reads a line without its terminator. A line longer than any legitimate message ends the connection. */
    private static Optional<String> next(BufferedReader lines) throws IOException {
        StringBuilder line = new StringBuilder();
        int character = lines.read();
        while (character >= 0 && character != '\n') {
            line.append((char) character);
            if (line.length() > LONGEST_LINE) {
                throw new IOException("A message is longer than " + LONGEST_LINE + " characters.");
            }
            character = lines.read();
        }
        return character < 0 && line.isEmpty() ? Optional.empty() : Optional.of(line.toString());
    }
}
