package io.memos4j.server.mcp;

import io.memos4j.core.MemOs;
import io.modelcontextprotocol.common.McpTransportContext;
import io.modelcontextprotocol.json.McpJsonMapper;
import io.modelcontextprotocol.server.McpStatelessServerHandler;
import io.modelcontextprotocol.spec.McpSchema;
import io.modelcontextprotocol.spec.McpSchema.JSONRPCMessage;
import io.modelcontextprotocol.spec.McpSchema.JSONRPCNotification;
import io.modelcontextprotocol.spec.McpSchema.JSONRPCRequest;
import io.modelcontextprotocol.spec.McpStatelessServerTransport;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import reactor.core.publisher.Mono;

/**
 * The Model Context Protocol over a pipe: one JSON message a line, answered in the order of arrival. The one at the other end started this
 * process and is the owner of its data. When the pipe ends, everything that came through it has been answered.
 */
public final class McpPipe implements McpStatelessServerTransport {
    private static final Logger LOG = LoggerFactory.getLogger(McpPipe.class);
    private static final int LONGEST_LINE = 8 << 20;

    /** How the versions that an agent makes name their maker. */
    private static final String ACTOR = "mcp";

    private final McpJsonMapper json = Features.json();
    private @Nullable McpStatelessServerHandler handler;

    private McpPipe() {}

    /**
     * Answers until the input ends.
     *
     * @param cube the default one; made if it is not there
     */
    public static void serve(MemOs memos, String cube, InputStream in, OutputStream out) throws IOException {
        memos.cube(cube);
        McpPipe pipe = new McpPipe();
        Features.serve(pipe, pipe.json, cube);
        McpTransportContext context = Features.context(new OwnerAccess(memos, cube));
        BufferedReader lines = new BufferedReader(new InputStreamReader(in, StandardCharsets.UTF_8));
        for (Optional<String> line = next(lines); line.isPresent(); line = next(lines)) {
            String message = line.get();
            if (message.isBlank()) {
                continue;
            }
            Optional<Object> answer = memos.as(ACTOR, () -> pipe.answer(context, message));
            if (answer.isPresent()) {
                out.write((pipe.json.writeValueAsString(answer.get()) + "\n").getBytes(StandardCharsets.UTF_8));
                out.flush();
            }
        }
    }

    /** A line without its end; a longer one than any honest message ends the conversation. */
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

    private Optional<Object> answer(McpTransportContext context, String line) {
        try {
            JSONRPCMessage message = McpSchema.deserializeJsonRpcMessage(json, line);
            return switch (message) {
                case JSONRPCRequest request ->
                    Optional.ofNullable(
                            handler().handleRequest(context, request).contextWrite(view -> view.put(McpTransportContext.KEY, context))
                                    .block());
                case JSONRPCNotification notification -> {
                    handler().handleNotification(context, notification).block();
                    yield Optional.empty();
                }
                default -> Optional.empty(); // An answer to a question that was never put.
            };
        } catch (IOException | IllegalArgumentException e) {
            return Optional.of(failed(McpSchema.ErrorCodes.PARSE_ERROR, "This is no message of JSON-RPC 2.0."));
        } catch (RuntimeException e) {
            LOG.error("A message could not be answered", e);
            return Optional.of(failed(McpSchema.ErrorCodes.INTERNAL_ERROR, "The memory failed to answer."));
        }
    }

    private static Object failed(int code, String message) {
        Map<String, Object> answer = new LinkedHashMap<>();
        answer.put("jsonrpc", McpSchema.JSONRPC_VERSION);
        answer.put("id", null);
        answer.put("error", Map.of("code", code, "message", message));
        return answer;
    }

    private McpStatelessServerHandler handler() {
        return Objects.requireNonNull(handler, "the transport is not served");
    }

    @Override
    public void setMcpHandler(McpStatelessServerHandler newHandler) {
        handler = newHandler;
    }

    @Override
    public Mono<Void> closeGracefully() {
        return Mono.empty();
    }
}
