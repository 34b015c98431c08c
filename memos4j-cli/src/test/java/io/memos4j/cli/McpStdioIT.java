package io.memos4j.cli;

import io.memos4j.testkit.JavaCommand;
import io.modelcontextprotocol.client.McpClient;
import io.modelcontextprotocol.client.McpSyncClient;
import io.modelcontextprotocol.client.transport.ServerParameters;
import io.modelcontextprotocol.client.transport.StdioClientTransport;
import io.modelcontextprotocol.json.McpJsonDefaults;
import io.modelcontextprotocol.spec.McpSchema.CallToolRequest;
import io.modelcontextprotocol.spec.McpSchema.TextContent;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

import static org.assertj.core.api.Assertions.assertThat;

/** {@code memos4j mcp} as a process of its own, as an agent starts it. */
class McpStdioIT {
    private static final JsonMapper JSON = new JsonMapper();

    @TempDir
    Path directory;

    private List<String> command(Object... more) {
        List<Object> arguments = new ArrayList<>(List.of("mcp", "--no-embedder", "--data", directory.resolve("data")));
        arguments.addAll(List.of(more));
        return JavaCommand.of(Main.class, CommandLineFixture.JVM_OPTIONS, arguments.toArray());
    }

    private McpSyncClient client() {
        List<String> command = command("--cube", "notes");
        ServerParameters server = ServerParameters.builder(command.getFirst())
                .args(command.subList(1, command.size()))
                .build();
        McpSyncClient client = McpClient.sync(new StdioClientTransport(server, McpJsonDefaults.getMapper()))
                .requestTimeout(Duration.ofMinutes(2))
                .initializationTimeout(Duration.ofMinutes(2))
                .build();
        client.initialize();
        return client;
    }

    @Test
    void anAgentRemembersAcrossProcesses() {
        try (McpSyncClient client = client()) {
            assertThat(client.listTools().tools()).hasSize(10);
            var added = client.callTool(CallToolRequest.builder("add_memory")
                    .arguments(Map.of("text", "The user lives in Lyon."))
                    .build());
            assertThat(added.isError()).isFalse();
            client.closeGracefully();
        }
        try (McpSyncClient client = client()) {
            var found = client.callTool(CallToolRequest.builder("search_memory")
                    .arguments(Map.of("query", "Where does the user live?"))
                    .build());
            assertThat(((TextContent) found.content().getFirst()).text())
                    .contains("cube=\"notes\"")
                    .contains("The user lives in Lyon.");
            client.closeGracefully();
        }
    }

    @Test
    void nothingButTheProtocolIsWrittenAndAllIsAnsweredBeforeTheEnd() throws Exception {
        Path out = directory.resolve("out.txt");
        Path err = directory.resolve("err.txt");
        Process process = new ProcessBuilder(command())
                .redirectOutput(out.toFile())
                .redirectError(err.toFile())
                .start();
        try (OutputStream in = process.getOutputStream()) {
            in.write("""
                    {"jsonrpc":"2.0","id":1,"method":"initialize","params":{"protocolVersion":"2025-06-18",\
                    "capabilities":{},"clientInfo":{"name":"t","version":"1"}}}
                    {"jsonrpc":"2.0","method":"notifications/initialized"}
                    no json at all

                    {"jsonrpc":"2.0","id":"a","method":"tools/call","params":{"name":"add_memory",\
                    "arguments":{"text":"Zwölf 北京\\nlines"}}}
                    {"jsonrpc":"2.0","id":3,"method":"resources/read","params":{"uri":"memory://default/recent"}}
                    {"jsonrpc":"2.0","id":4,"method":"no/such"}
                    {"jsonrpc":"2.0","id":5,"method":"ping"}""".getBytes(StandardCharsets.UTF_8));
        }
        assertThat(process.waitFor(2, TimeUnit.MINUTES)).isTrue();
        assertThat(process.exitValue()).as(Files.readString(err)).isZero();
        List<JsonNode> answers =
                Files.readAllLines(out).stream().map(JSON::readTree).toList();
        assertThat(answers)
                .extracting(answer -> answer.path("id").toString())
                .containsExactly("1", "null", "\"a\"", "3", "4", "5");
        assertThat(answers).allMatch(answer -> answer.path("jsonrpc").asString().equals("2.0"));
        assertThat(answers.get(0).at("/result/serverInfo/name").asString()).isEqualTo("memos4j");
        assertThat(answers.get(1).at("/error/code").asInt()).isEqualTo(-32700);
        assertThat(answers.get(3).at("/result/contents/0/text").asString()).contains("Zwölf 北京");
        assertThat(answers.get(4).at("/error/code").asInt()).isEqualTo(-32601);
    }
}
