package io.memos4j.server;

import io.memos4j.api.access.Permission;
import io.memos4j.server.mcp.McpStdioServer;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.http.HttpHeaders;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;

/** Sends what once failed with 500, took all memory, or passed the gate. */
class TransportFaultsTest extends ServerTestBase {
    @ParameterizedTest
    @ValueSource(strings = {"/mcp", "/v1/cubes/a/search", "/product/search", "/search", "/v1/chat/completions"})
    void aBodyOfMillionsOfValuesIsRefusedBeforeItIsParsed(String path) {
        String reader = server.keyOf("acme", Permission.READ);
        String body = "{\"query\":[" + "{},".repeat(2_000_000) + "{}]}";
        var answer = server.raw(reader, "POST", path, body);
        assertThat(answer.status()).isIn(413, 404);
        assertThat(answer.response().body()).contains(answer.status() == 413 ? "values" : "provider");
    }

    @Test
    void aListLongerThanABatchIsRefusedAndNothingIsStored() {
        String body = "{\"notes\":[" + "{\"text\":\"a\"},".repeat(10_000) + "{\"text\":\"b\"}]}";
        var answer = server.raw(key, "POST", "/v1/cubes/a/memories", body);
        assertThat(answer.status()).isEqualTo(413);
        assertThat(answer.text("/detail")).contains("10001 entries", "at most 10000");
        assertThat(get("/v1/cubes/a").status()).isEqualTo(404);
    }

    @ParameterizedTest
    @ValueSource(strings = {"+999999999-12-31T23:59:59Z", "-999999999-01-01T00:00:00Z", "+292278995-01-01T00:00:00Z"})
    void aFarDateInAFilterIsCompared(String time) {
        post("/v1/cubes/a/memories", "{'text':'Alice moved to Lyon'}");
        String body = "{'query':'Lyon','filter':{'time':{'lt':'" + time + "'}}}";
        var answer = post("/v1/cubes/a/search", body);
        assertThat(answer.status()).isEqualTo(200);
        assertThat(answer.at("/hits")).hasSize(time.startsWith("-") ? 0 : 1);
    }

    @Test
    void repeatedTagsAreTakenOnce() {
        var answer = post(
                "/product/add",
                "{'user_id':'alice','memory_content':'Alice moved to Lyon','custom_tags':['x','x'],"
                        + "'async_mode':'sync'}");
        assertThat(answer.status()).as(answer.response().body()).isEqualTo(200);
    }

    @ParameterizedTest
    @ValueSource(strings = {"null", "1", "\"a\"", "[]", "[null]", "{}", "{\"jsonrpc\":null}", "{\"id\":null}"})
    void whatIsNoMcpMessageIsRefused(String body) {
        assertThat(server.raw(key, "POST", "/mcp", body).status()).isEqualTo(400);
    }

    @Test
    void whatIsNoMcpMessageDoesNotEndTheConversation() throws IOException {
        String input = "null\n[]\n7\n{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"ping\"}\n";
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        McpStdioServer.serve(
                server.memos(), "a", new ByteArrayInputStream(input.getBytes(StandardCharsets.UTF_8)), out);
        assertThat(out.toString(StandardCharsets.UTF_8).lines())
                .hasSize(4)
                .last()
                .asString()
                .contains("\"id\":1");
    }

    @ParameterizedTest
    @ValueSource(strings = {"PROPFIND", "BEFORE", "AFTER", "FOO", "get"})
    void unknownMethodsNeedAKeyToo(String method) {
        assertThat(server.raw("", method, "/v1/cubes", "").status()).isEqualTo(401);
        assertThat(server.raw(key, method, "/v1/cubes", "").status()).isEqualTo(405);
        assertThat(server.raw(key, method, "/v1/none", "").status()).isEqualTo(404);
    }

    @Test
    void answersAreNeitherCachedNorGuessed() {
        assertProtected(get("/v1/cubes").response().headers());
        assertProtected(get("/v1/none").response().headers());
        assertProtected(server.get("", "/v1/cubes").response().headers());
        assertProtected(server.get("", "/v1/health").response().headers());
        assertProtected(server.send(key, "GET", "/console", "", Map.of("X-Long", "x".repeat(20_000)))
                .response()
                .headers());
    }

    private static void assertProtected(HttpHeaders headers) {
        assertThat(headers.firstValue("Cache-Control").orElse("")).contains("no-store");
        assertThat(headers.firstValue("X-Content-Type-Options")).contains("nosniff");
    }
}
