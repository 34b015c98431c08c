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
 * Everything that the memory offers over the protocol, the same on every transport. No message depends on an earlier one, so that there are no
 * sessions to bound, to expire or to steal: each call is what its own key allows.
 */
final class Features {
    /** Where a transport's context holds the caller's {@link Access}. */
    private static final String ACCESS = "memos4j.access";

    private static final String NAME = "memos4j";
    private static final String VERSION = "0.1.0-SNAPSHOT";

    /** The tools read their arguments within bounds and refuse what they do not know, with the codes of this project. */
    private static final JsonSchemaValidator TOOLS_CHECK_THEMSELVES = (schema, content) -> Valid.ANSWER;

    /** The one answer of a validator that leaves it to others; made when it is first needed. */
    private static final class Valid {
        private static final JsonSchemaValidator.ValidationResponse ANSWER =
                JsonSchemaValidator.ValidationResponse.asValid("");
    }

    private Features() {}

    static McpTransportContext context(Access access) {
        return McpTransportContext.create(Map.of(ACCESS, access));
    }

    private static Access access(McpTransportContext context) {
        return (Access) context.get(ACCESS);
    }

    static List<Tool> tools() {
        return Stream.of(ReadingTools.all(), WritingTools.all(), List.of(Forgetting.tool()))
                .flatMap(List::stream)
                .toList();
    }

    /**
     * Answers what comes over the transport, on the transport's own threads.
     *
     * @param cube the default one
     */
    static McpStatelessSyncServer serve(McpStatelessServerTransport transport, McpJsonMapper json, String cube) {
        return McpServer.sync(transport)
                .jsonMapper(json)
                .jsonSchemaValidator(TOOLS_CHECK_THEMSELVES)
                .validateToolInputs(false)
                .immediateExecution(true)
                .serverInfo(NAME, VERSION)
                .instructions(Guide.INSTRUCTIONS)
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
                .resources(Library.standard(cube).stream()
                        .map(each -> new SyncResourceSpecification(
                                each, (context, request) -> Library.read(access(context), request.uri())))
                        .toList())
                .resourceTemplates(Library.templates().stream()
                        .map(each -> new SyncResourceTemplateSpecification(
                                each, (context, request) -> Library.read(access(context), request.uri())))
                        .toList())
                .prompts(new SyncPromptSpecification(
                        Guide.prompt(),
                        (context, request) -> Guide.answer(cube, Optional.ofNullable(request.arguments()))))
                .build();
    }
}
