package io.memos4j.server.mcp;

import io.memos4j.api.access.Permission;
import io.memos4j.server.NpmProject;
import io.memos4j.server.ServerTestBase;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

import static org.assertj.core.api.Assertions.assertThat;

/** Runs unmodified MCP clients: the TypeScript SDK and the inspector. */
class McpClientsIT extends ServerTestBase {
    private static final JsonMapper JSON = new JsonMapper();
    private static final String[] TOOLS = {
        "search_memory",
        "get_memory",
        "list_changes",
        "review_memories",
        "list_cubes",
        "add_memory",
        "update_memory",
        "undo_change",
        "give_feedback",
        "forget_memory"
    };

    private static NpmProject npm;

    @BeforeAll
    static void install() {
        npm = NpmProject.installed("mcp");
    }

    private JsonNode script(String with, String cube) {
        var output = npm.node("client.mjs", server.url("/mcp").toString(), with, cube);
        assertThat(output.status()).as(output.all()).isZero();
        return JSON.readTree(output.out());
    }

    private JsonNode inspect(String... arguments) {
        List<String> command = new ArrayList<>(List.of(
                "--cli",
                server.url("/mcp").toString(),
                "--transport",
                "http",
                "--header",
                "Authorization: Bearer " + key));
        command.addAll(Arrays.asList(arguments));
        var output = npm.program("mcp-inspector", command.toArray(String[]::new));
        assertThat(output.status()).as(output.all()).isZero();
        return JSON.readTree(output.out());
    }

    private static List<String> names(JsonNode list, String field) {
        return list.valueStream().map(each -> each.path(field).asString()).toList();
    }

    @Test
    void theSdksClientRemembersFindsAndForgets() {
        JsonNode seen = script(key, "tea & cake");
        assertThat(seen.path("tools").valueStream().map(JsonNode::asString)).containsExactlyInAnyOrder(TOOLS);
        assertThat(seen.at("/templates").toString()).contains("memory://{cube}/profile", "memory://{cube}/recent");
        assertThat(seen.at("/prompts/0").asString()).isEqualTo("use_memory");
        assertThat(seen.at("/found/content/0/text").asString())
                .contains("<memory")
                .contains("The user lives in Lyon.");
        assertThat(seen.at("/found/structuredContent/memories/0/id").asString())
                .isEqualTo(seen.at("/added/structuredContent/id").asString());
        assertThat(seen.at("/recent/contents/0/text").asString()).contains("Lyon");
        assertThat(seen.at("/prompt/messages/0/content/text").asString()).contains("tea & cake");
        assertThat(seen.at("/forgotten/structuredContent/count").asInt()).isEqualTo(1);
        assertThat(seen.at("/after/structuredContent/memories").size()).isZero();
    }

    @Test
    void twoTenantsDoNotSeeEachOther() {
        server.memos().cube("acme/notes").add("The secret of acme is tea.");
        String beta = server.keyOf("beta", Permission.ADMIN);
        assertThat(script(beta, "notes").toString()).contains("Lyon").doesNotContain("tea");
    }

    @Test
    void aKeyThatMayOnlyReadCannotAdd() {
        server.memos().cube("acme/notes").add("Known already.");
        JsonNode seen = script(server.keyOf("acme", Permission.READ), "notes");
        assertThat(seen.at("/added/isError").asBoolean()).isTrue();
        assertThat(seen.at("/added/structuredContent/error/code").asString()).isEqualTo("forbidden");
        assertThat(seen.at("/recent/contents/0/text").asString()).contains("Known already.");
    }

    @Test
    void theInspectorListsAndCalls() {
        assertThat(names(inspect("--method", "tools/list").path("tools"), "name"))
                .containsExactlyInAnyOrder(TOOLS);
        JsonNode added = inspect(
                "--method", "tools/call", "--tool-name", "add_memory", "--tool-arg", "text=The user lives in Lyon.");
        assertThat(added.at("/structuredContent/outcome").asString()).isEqualTo("added");
        JsonNode found = inspect(
                "--method", "tools/call", "--tool-name", "search_memory", "--tool-arg", "query=Lyon", "limit=3");
        assertThat(found.at("/content/0/text").asString()).contains("The user lives in Lyon.");
        assertThat(names(inspect("--method", "resources/list").path("resources"), "uri"))
                .containsExactlyInAnyOrder("memory://default/profile", "memory://default/recent");
        assertThat(names(inspect("--method", "resources/templates/list").path("resourceTemplates"), "uriTemplate"))
                .containsExactlyInAnyOrder("memory://{cube}/profile", "memory://{cube}/recent");
        assertThat(names(inspect("--method", "prompts/list").path("prompts"), "name"))
                .containsExactly("use_memory");
    }
}
