package io.memos4j.server.mcp;

import io.modelcontextprotocol.common.McpTransportContext;
import io.modelcontextprotocol.json.McpJsonMapper;
import io.modelcontextprotocol.json.schema.JsonSchemaValidator;
import io.modelcontextprotocol.server.McpServer;
import io.modelcontextprotocol.server.McpStatelessServerFeatures.SyncPromptSpecification;
import io.modelcontextprotocol.server.McpStatelessServerFeatures.SyncResourceSpecification;
import io.modelcontextprotocol.server.McpStatelessServerFeatures.SyncResourceTemplateSpecification;
import io.modelcontextprotocol.server.McpStatelessServerFeatures.SyncToolSpecification;
import io.modelcontextprotocol.server.McpStatelessSyncServer;
import io.modelcontextprotocol.spec.McpSchema.ServerCapabilities;
import io.modelcontextprotocol.spec.McpStatelessServerTransport;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * Creates the MCP server with its tools, resources and prompts, the same for every transport. No message depends on an
 * earlier one, so there are no sessions to limit, expire or hijack: each call is authorized by its own key.
 */
final class McpServerFactory {
    /** The key of the caller's {@link McpAccess} in a transport context. */
    private static final String ACCESS = "memos4j.access";

    private static final String NAME = "memos4j";
    private static final String VERSION = "0.1.0-SNAPSHOT";

    /** Accepts everything: the tools validate their arguments themselves, with this project's error codes. */
    private static final JsonSchemaValidator TOOLS_CHECK_THEMSELVES = (schema, content) -> Valid.ANSWER;

    /** Defers loading the SDK's class until it is needed. */
    private static final class Valid {
        private static final JsonSchemaValidator.ValidationResponse ANSWER =
                JsonSchemaValidator.ValidationResponse.asValid("");
    }

    private McpServerFactory() {}

    static McpTransportContext context(McpAccess access) {
        return McpTransportContext.create(Map.of(ACCESS, access));
    }

    private static McpAccess access(McpTransportContext context) {
        return (McpAccess) context.get(ACCESS);
    }

    static List<McpTool> tools() {
        return Stream.of(ReadingTools.all(), WritingTools.all(), List.of(ForgetTool.tool()))
                .flatMap(List::stream)
                .toList();
    }

    /**
     * Serves a transport on the transport's own threads.
     *
     * @param cube the default cube
     */
    static McpStatelessSyncServer serve(McpStatelessServerTransport transport, McpJsonMapper json, String cube) {
        return McpServer.sync(transport)
                .jsonMapper(json)
                .jsonSchemaValidator(TOOLS_CHECK_THEMSELVES)
                .validateToolInputs(false)
                .immediateExecution(true)
                .serverInfo(NAME, VERSION)
                .instructions(McpUsagePrompt.INSTRUCTIONS)
                .capabilities(ServerCapabilities.builder()
                        .tools(false)
                        .resources(false, false)
                        .prompts(false)
                        .build())
                .tools(tools().stream()
                        .map(tool -> new SyncToolSpecification(
                                tool.declaration(),
                                (context, request) ->
                                        tool.call(access(context), Optional.ofNullable(request.arguments()))))
                        .toList())
                .resources(McpResources.defaultResources(cube).stream()
                        .map(each -> new SyncResourceSpecification(
                                each, (context, request) -> McpResources.read(access(context), request.uri())))
                        .toList())
                .resourceTemplates(McpResources.templates().stream()
                        .map(each -> new SyncResourceTemplateSpecification(
                                each, (context, request) -> McpResources.read(access(context), request.uri())))
                        .toList())
                .prompts(new SyncPromptSpecification(
                        McpUsagePrompt.prompt(),
                        (context, request) -> McpUsagePrompt.answer(cube, Optional.ofNullable(request.arguments()))))
                .build();
    }
}
