package io.memos4j.server;

import io.memos4j.api.CubeId;
import io.memos4j.api.MemCube;
import io.memos4j.api.access.KeyRequest;
import io.memos4j.api.access.Permission;
import io.memos4j.api.items.ListRequest;
import io.memos4j.api.items.MemoryItem;
import io.memos4j.api.items.Message;
import io.memos4j.api.items.Note;
import io.memos4j.api.tasks.TaskKind;
import io.memos4j.api.tasks.TaskRequest;
import io.memos4j.server.RunningServer.Answer;
import io.memos4j.server.http.Route;
import io.memos4j.server.proxy.ProxyConfig;
import io.memos4j.testkit.models.ScriptedModelServer;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.DynamicTest.dynamicTest;

/**
 * Calls every route, and every tool of MCP, as callers who may not read acme's cube, with bodies that name the cube and
 * its memories in every field that a route has. No answer holds what is in the cube, nothing in it changes, and the
 * proxy sends nothing of it to the provider. New routes and tools are covered automatically.
 */
class LeakMatrixTest {
    private static final JsonMapper JSON = new JsonMapper();
    private static final String CANARY = "quetzal7311";
    private static final Pattern UNKNOWN = Pattern.compile("Unknown field '([A-Za-z_]+)");

    /** The ways in which somebody could name the cube. */
    private static final List<String> NAMES = List.of("@acme/notes", "acme/notes");

    @TempDir
    static Path directory;

    private static ScriptedModelServer model;
    private static RunningServer server;
    private static MemCube notes;
    private static String item;
    private static String task;
    private static Map<String, String> strangers;

    @BeforeAll
    static void start() {
        model = ScriptedModelServer.start();
        model.otherwise(request -> ScriptedModelServer.Answer.text("Fine."));
        ProxyConfig proxy = new ProxyConfig(
                model.baseUrl(), "sk", Duration.ofSeconds(30), new ProxyConfig.Recall(1_000, 100, false), true);
        server = RunningServer.at(
                directory,
                config -> config.withLimits(config.limits().withCallsPerSecond(0))
                        .withProtocols(new ServerConfig.Protocols(List.of(), Optional.of(proxy))));
        notes = server.memos().cube("acme/notes");
        item = notes.add(Note.of("The code is " + CANARY + ".")
                        .titled(CANARY)
                        .tagged(CANARY)
                        .in("s"))
                .ids()
                .getFirst()
                .toString();
        notes.add(Message.user("I love the " + CANARY + ".").in("s"));
        task = server.memos()
                .scheduler()
                .submit(notes.id(), TaskRequest.of(TaskKind.REINDEX))
                .id()
                .toString();
        var governance = server.memos().governance();
        String stranger = server.keyOf("beta", Permission.ADMIN);
        governance.create("acme", false);
        governance.create("gamma", false);
        governance.grant("gamma", server.memos().cube("acme/open").id(), Permission.ADMIN, Optional.empty());
        strangers = new LinkedHashMap<>();
        strangers.put("other tenant", stranger);
        strangers.put(
                "grant on another cube",
                governance.issue(KeyRequest.of("gamma")).secret());
        strangers.put(
                "key of another cube",
                governance
                        .issue(KeyRequest.of("acme").only(Set.of(CubeId.of("acme/other"))))
                        .secret());
    }

    @AfterAll
    static void stop() {
        server.close();
        model.close();
    }

    private static List<MemoryItem> items() {
        return notes.list(ListRequest.first()).items();
    }

    @TestFactory
    Stream<DynamicTest> routes() {
        return server.server().routes().stream()
                .map(route -> dynamicTest(
                        route.name(),
                        () -> strangers.forEach((who, key) -> NAMES.forEach(name -> {
                            List<MemoryItem> before = items();
                            Answer answer = call(key, route, name);
                            assertThat(answer.response().body())
                                    .as("%s as %s", route.name(), who)
                                    .doesNotContain(CANARY);
                            assertThat(answer.status()).isNotEqualTo(500);
                            assertUnchanged(before);
                        }))));
    }

    private static void assertUnchanged(List<MemoryItem> before) {
        assertThat(server.memos().find(notes.id())).isPresent();
        assertThat(items()).isEqualTo(before);
        assertThat(server.memos().governance().grantsOn(notes.id())).isEmpty();
        assertThat(model.requests()).noneMatch(request -> request.body().contains(CANARY));
    }

    /** Calls a route with every field that it knows: one that it rejects is left out of the next try. */
    private static Answer call(String key, Route route, String cube) {
        String path = path(route, cube);
        if (!Set.of("POST", "PUT", "PATCH", "DELETE").contains(route.method())) {
            return send(key, route, path + query(cube), "", cube);
        }
        Map<String, Object> body = body(cube);
        Answer answer = send(key, route, path, JSON.writeValueAsString(body), cube);
        Matcher unknown = UNKNOWN.matcher(answer.response().body());
        while (answer.status() == 400 && unknown.find()) {
            assertThat(body.remove(unknown.group(1))).isNotNull();
            answer = send(key, route, path, JSON.writeValueAsString(body), cube);
            unknown = UNKNOWN.matcher(answer.response().body());
        }
        return answer;
    }

    private static Answer send(String key, Route route, String path, String body, String cube) {
        return server.send(
                key,
                route.method(),
                path,
                body,
                Map.of("X-Memos4j-Cube", cube, "Accept", "application/json, text/event-stream"));
    }

    private static String path(Route route, String cube) {
        String encoded = cube.replace("/", "%2F");
        return route.path()
                .replace("{cube}", encoded)
                .replace("{granted}", encoded)
                .replace("{entity}", encoded)
                .replace("{type}", "user")
                .replace("{session}", "s")
                .replace("{task}", task)
                .replaceAll("\\{(id|memory)}", item)
                .replaceAll("\\{[^}]+}", "none");
    }

    private static String query(String cube) {
        String encoded = cube.replace("/", "%2F");
        return "?cube=" + encoded + "&user_id=" + encoded + "&query=" + CANARY.substring(0, 5) + "&timeout_ms=1";
    }

    /** Returns the fields by which some route names cubes and memories, and those that it cannot do without. */
    private static Map<String, Object> body(String cube) {
        Map<String, Object> body = new LinkedHashMap<>();
        for (String name : List.of("cube", "from", "user_id", "mem_cube_id", "cube_id", "cube_name", "owner_id")) {
            body.put(name, cube);
        }
        for (String name : List.of("cubes", "readable_cube_ids", "writable_cube_ids", "mem_cube_ids")) {
            body.put(name, List.of(cube));
        }
        for (String name : List.of("id", "memory_id", "successor")) {
            body.put(name, item);
        }
        for (String name : List.of("ids", "items", "memory_ids", "retrieved_memory_ids")) {
            body.put(name, List.of(item));
        }
        body.put("memories", List.of(Map.of("memory_id", item, "text", "changed")));
        body.put("filters", Map.of("user_id", cube));
        body.put("messages", List.of(Map.of("role", "user", "content", "Where is the quetzal?")));
        body.put("history", List.of());
        body.put("query", "the code of the quetzal");
        body.put("text", "changed");
        body.put("content", "changed");
        body.put("feedback", "POSITIVE");
        body.put("feedback_content", "changed");
        body.put("kind", "helpful");
        body.put("session_id", "s");
        body.put("version", 1);
        body.put("permission", "admin");
        body.put("principal", "beta");
        body.put("model", "m");
        return body;
    }

    @Test
    void noToolReadsOrChangesTheCubeOfAnother() {
        strangers.forEach((who, key) -> {
            for (JsonNode tool : tools(key)) {
                for (String name : NAMES) {
                    List<MemoryItem> before = items();
                    Map<String, Object> params =
                            Map.of("name", tool.path("name").asString(), "arguments", arguments(tool, name));
                    Answer answer = rpc(key, "tools/call", params);
                    assertThat(answer.response().body())
                            .as("%s as %s", tool.path("name"), who)
                            .doesNotContain(CANARY);
                    assertUnchanged(before);
                }
            }
        });
    }

    @Test
    void aGrantToReadIsEnoughForTheToolsThatReadAndForNoOther() {
        String reader = server.keyOf("delta", Permission.ADMIN);
        server.memos().governance().grant("delta", notes.id(), Permission.READ, Optional.empty());
        List<String> forbidden = new ArrayList<>();
        List<String> changing = new ArrayList<>();
        for (JsonNode tool : tools(reader)) {
            String name = tool.path("name").asString();
            if (!tool.at("/annotations/readOnlyHint").booleanValue()) {
                changing.add(name);
            }
            Answer answer =
                    rpc(reader, "tools/call", Map.of("name", name, "arguments", arguments(tool, "@acme/notes")));
            if (answer.response().body().contains("\"forbidden\"")) {
                forbidden.add(name);
            }
        }
        server.memos().governance().revokeGrant("delta", notes.id());
        assertThat(changing).hasSizeGreaterThan(3);
        assertThat(forbidden).isEqualTo(changing);
    }

    private static List<JsonNode> tools(String key) {
        List<JsonNode> tools = rpc(key, "tools/list", Map.of())
                .at("/result/tools")
                .valueStream()
                .toList();
        assertThat(tools).hasSizeGreaterThan(8);
        return tools;
    }

    private static Answer rpc(String key, String method, Map<String, Object> params) {
        String body = JSON.writeValueAsString(Map.of("jsonrpc", "2.0", "id", 1, "method", method, "params", params));
        return server.send(key, "POST", "/mcp", body, Map.of("Accept", "application/json, text/event-stream"));
    }

    /** Returns arguments that a tool accepts: those that it requires, and those that name the cube and the memory. */
    private static Map<String, Object> arguments(JsonNode tool, String cube) {
        Set<String> required = Set.copyOf(tool.at("/inputSchema/required")
                .valueStream()
                .map(JsonNode::asString)
                .toList());
        Map<String, Object> arguments = new LinkedHashMap<>();
        tool.at("/inputSchema/properties").properties().forEach(property -> {
            String name = property.getKey();
            JsonNode schema = property.getValue();
            switch (name) {
                case "cube" -> arguments.put(name, cube);
                case "cubes" -> arguments.put(name, List.of(cube));
                case "id" -> arguments.put(name, item);
                case "ids" -> arguments.put(name, List.of(item));
                case "change" -> arguments.put(name, "c_" + item + "_2");
                case "text" -> arguments.put(name, "changed");
                case "query" -> {
                    if (!tool.path("name").asString().equals("forget_memory")) {
                        arguments.put(name, "the code of the quetzal");
                    }
                }
                default -> {
                    if (required.contains(name)) {
                        arguments.put(name, schema.has("enum") ? schema.at("/enum/0") : "01890a5d-1");
                    }
                }
            }
        });
        return arguments;
    }
}
