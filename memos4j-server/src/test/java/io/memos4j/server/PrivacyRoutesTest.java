package io.memos4j.server;

import io.memos4j.api.CubeId;
import io.memos4j.api.access.Permission;
import io.memos4j.server.RunningServer.Answer;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/** Labels over HTTP: what the owner, a teammate, an administrator and language models read on every surface. */
class PrivacyRoutesTest extends ServerTestBase {
    private static final String NOTES = "/v1/cubes/notes";
    private static final String CARD = "4111 1111 1111 1111";

    private String teammate = "";
    private String id = "";
    private Instant before = Instant.EPOCH;

    @BeforeEach
    void share() {
        before = Instant.now();
        id = add("{'messages': [{'text': 'Our travel card is " + CARD + ", ask Bob.', 'session': 's1'}]}");
        post(NOTES + "/memories/" + id, "{}");
        server.memos()
                .governance()
                .grant(principal("bob"), CubeId.of("acme/notes"), Permission.WRITE, Optional.empty());
        teammate = server.keyOf("bob", Permission.ADMIN);
    }

    private String principal(String name) {
        server.keyOf(name, Permission.READ);
        return name;
    }

    private String add(String body) {
        return post(NOTES + "/memories", body.replace('\'', '"')).text("/items/0/id");
    }

    private static final Map<String, String> MCP = Map.of("Accept", "application/json, text/event-stream");

    private Answer tool(String key, String name, String arguments) {
        String call = "{'jsonrpc':'2.0','id':1,'method':'tools/call','params':{'name':'" + name + "','arguments':"
                + arguments + "}}";
        return server.send(key, "POST", "/mcp", call.replace('\'', '"'), MCP);
    }

    /** Every surface that returns texts, as one caller sees it. */
    private Map<String, Answer> surfaces(String key, String cube) {
        String base = "/v1/cubes/" + cube;
        String memory = base + "/memories/" + id;
        Map<String, Answer> answers = new LinkedHashMap<>();
        for (String path : List.of(
                base + "/memories",
                memory,
                memory + "/history",
                memory + "/why",
                memory + "/related",
                base + "/changes",
                base + "/sessions/s1/working",
                base + "/activations/promoted",
                base + "/diff?from=" + before + "&to=" + Instant.now(),
                base + "/memories?as_of=" + Instant.now())) {
            answers.put("GET " + path, server.get(key, path));
        }
        String query = "{\"query\": \"travel card\", \"explain\": true, \"session\": \"s1\"}";
        answers.put("search", server.post(key, base + "/search", query));
        answers.put(
                "search of several",
                server.post(key, "/v1/search", "{\"cubes\": [\"" + cube + "\"], \"query\": \"travel card\"}"));
        answers.put("edit", server.send(key, "PATCH", memory, "{\"valid_to\": \"2100-01-01T00:00:00Z\"}"));
        answers.put(
                "MemOS search",
                server.post(
                        key,
                        "/product/search",
                        "{\"query\": \"travel card\", \"user_id\": \"u\", \"readable_cube_ids\": [\"" + cube + "\"]}"));
        answers.put("MemOS memory", server.get(key, "/product/get_memory/" + id));
        answers.put("mem0 memory", server.get(key, "/v1/memories/" + id + "/"));
        answers.put("mem0 history", server.get(key, "/v1/memories/" + id + "/history/"));
        answers.put("MCP search", tool(key, "search_memory", "{'query':'travel card','cube':'" + cube + "'}"));
        answers.put("MCP get", tool(key, "get_memory", "{'id':'" + id + "','cube':'" + cube + "'}"));
        answers.put("MCP changes", tool(key, "list_changes", "{'cube':'" + cube + "'}"));
        return answers;
    }

    @Test
    void noSurfaceShowsATeammateWhatIsWithheld() {
        Map<String, Answer> seen = surfaces(teammate, "@acme%2Fnotes");
        Map<String, Answer> plain = surfaces(teammate, "@acme/notes");

        seen.forEach((surface, answer) ->
                assertThat(answer.response().body()).as(surface).doesNotContain("4111"));
        plain.forEach((surface, answer) ->
                assertThat(answer.response().body()).as(surface).doesNotContain("4111"));
        assertThat(seen.get("GET /v1/cubes/@acme%2Fnotes/memories/" + id).text("/text"))
                .isEqualTo("Our travel card is [card number withheld], ask Bob.");
        assertThat(seen.get("search").text("/context")).contains("[card number withheld]");
    }

    @Test
    void theOwnerReadsEverythingButModelsDoNot() {
        Map<String, Answer> seen = surfaces(key, "notes");

        assertThat(seen.get("GET " + NOTES + "/memories/" + id).text("/text")).contains(CARD);
        assertThat(seen.get("GET " + NOTES + "/memories/" + id).text("/sensitivity"))
                .isEqualTo("secret");
        assertThat(seen.get("search").text("/hits/0/text")).contains(CARD);
        assertThat(seen.get("search").text("/context")).contains("withheld").doesNotContain("4111");
        seen.forEach((surface, answer) -> {
            if (surface.startsWith("MCP")) {
                assertThat(answer.response().body()).as(surface).doesNotContain("4111");
            }
        });
    }

    @Test
    void anAdministratorIsNotTheOwnerOfWhatOthersKeep() {
        Answer memory = server.get(server.adminKey(), "/v1/cubes/acme%2Fnotes/memories/" + id);

        assertThat(memory.text("/text")).contains("[card number withheld]");
    }

    @Test
    void aCallerLabelsAndFiltersByLabel() {
        String plan = add("{'notes': [{'text': 'Merger plan', 'sensitivity': 'private'}]}");
        String batch = add("{'text': 'Opening hours', 'sensitivity': 'public'}");

        assertThat(get(NOTES + "/memories/" + plan).text("/sensitivity")).isEqualTo("private");
        assertThat(get(NOTES + "/memories/" + batch).text("/sensitivity")).isEqualTo("public");
        assertThat(server.get(teammate, "/v1/cubes/@acme%2Fnotes/memories/" + plan)
                        .text("/text"))
                .isEqualTo("[private text withheld]");
        assertThat(send("PATCH", NOTES + "/memories/" + plan, "{\"sensitivity\": \"internal\"}")
                        .text("/sensitivity"))
                .isEqualTo("internal");
        assertThat(server.get(teammate, "/v1/cubes/@acme%2Fnotes/memories/" + plan)
                        .text("/text"))
                .isEqualTo("Merger plan");
        assertThat(post(NOTES + "/memories", "{\"text\": \"x\", \"sensitivity\": \"hush\"}")
                        .status())
                .isEqualTo(400);
    }

    @Test
    void thePolicyIsASettingOfTheCube() {
        assertThat(get(NOTES + "/settings").text("/privacy/secret/action")).isEqualTo("redact");
        Answer set = server.put(
                key,
                NOTES + "/settings",
                "{\"privacy\": {\"secret\": {\"action\": \"block\", \"expire_after\": \"P30D\"}}}");
        assertThat(set.status()).isEqualTo(200);
        assertThat(set.text("/privacy/private/action")).isEqualTo("redact");
        assertThat(set.text("/privacy/secret/expire_after")).isEqualTo("PT720H");
        Answer refused = post(NOTES + "/memories", "{\"text\": \"The card is " + CARD + "\"}");
        assertThat(refused.status()).isEqualTo(422);
        assertThat(refused.text("/code")).isEqualTo("sensitive_content");
        assertThat(refused.response().body()).doesNotContain("4111");
        assertThat(server.put(key, NOTES + "/settings", "{\"privacy\": {\"secret\": {\"action\": \"burn\"}}}")
                        .status())
                .isEqualTo(400);
        assertThat(server.put(key, NOTES + "/settings", "{\"privacy\": {\"secret\": {\"expire_after\": \"soon\"}}}")
                        .status())
                .isEqualTo(400);
    }

    @Test
    void aTeammateCannotCopyOrRewriteWhatIsWithheld() {
        server.post(teammate, "/v1/cubes/mine/memories", "{\"text\": \"hello\"}");

        assertThat(server.post(teammate, "/v1/cubes/mine/merge", "{\"from\": \"@acme/notes\"}")
                        .status())
                .isEqualTo(403);
        assertThat(server.post(
                                teammate,
                                "/v1/cubes/@acme%2Fnotes/move",
                                "{\"to\": \"mine\", \"ids\": [\"" + id + "\"]}")
                        .status())
                .isBetween(400, 403);
        assertThat(server.send(
                                teammate,
                                "PATCH",
                                "/v1/cubes/@acme%2Fnotes/memories/" + id,
                                "{\"text\": \"Our travel card is gone.\"}")
                        .status())
                .isEqualTo(403);
        assertThat(get(NOTES + "/memories/" + id).text("/text")).contains(CARD);
    }
}
