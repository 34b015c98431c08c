package io.memos4j.server;

import io.memos4j.server.http.Route;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.json.JsonMapper;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Sends random bodies, queries and headers, valid and malformed, to every route, also with other methods: the server
 * must never fail with an error of its own, other than the documented ones. Seeded.
 */
class RouteFuzzTest {
    private static final long SEED = 20_261_121;
    private static final int BODIES = 25;
    private static final JsonMapper JSON = new JsonMapper();

    /** Not configured, and nothing else above 500. */
    private static final Set<Integer> DOCUMENTED = Set.of(501, 503);

    private static final List<String> METHODS = List.of("GET", "POST", "PUT", "PATCH", "DELETE", "QUERY", "TRACK");

    private static final List<String> STRINGS = List.of(
            "",
            " ",
            "a",
            "user",
            "alice",
            "2026-01-01T00:00:00Z",
            "2026-13-45",
            "01890a5d-ac96-774b-bcce-b302099a8057",
            "not-an-id",
            "+999999999-12-31T23:59:59Z",
            "-999999999-01-01T00:00:00+18:00",
            "Z",
            "\t\r\n",
            "%",
            "1e999",
            "@other/cube",
            "data:application/pdf;base64,JVBERi0=",
            "'; DROP TABLE item; --",
            "*:* AND ~",
            "\u0000\u0001",
            "\ud800",
            "\ud83d\ude00 北京 \u202e",
            "../../etc/passwd",
            "fact",
            "sync",
            "x".repeat(5_000));

    /** Field names that some route reads. */
    private static final List<String> NAMES = List.of(
            "query",
            "text",
            "content",
            "messages",
            "role",
            "notes",
            "filter",
            "filters",
            "session",
            "session_id",
            "user_id",
            "limit",
            "top_k",
            "max_tokens",
            "time",
            "metadata",
            "info",
            "tags",
            "cubes",
            "cube",
            "from",
            "to",
            "id",
            "ids",
            "memory_ids",
            "kind",
            "items",
            "mode",
            "expires",
            "version",
            "permission",
            "scope",
            "principal",
            "mem_cube_id",
            "readable_cube_ids",
            "writable_cube_ids",
            "async_mode",
            "chat_time",
            "custom_tags",
            "state",
            "and",
            "or",
            "not",
            "successor",
            "snapshot",
            "history",
            "feedback_content",
            "stream",
            "model",
            "page",
            "page_size",
            "method",
            "params",
            "jsonrpc",
            "arguments",
            "name",
            "remember",
            "temperature",
            "memory_tokens",
            "consent",
            "heat",
            "stable",
            "why");

    private static final List<String> SEGMENTS = List.of(
            "a", "a", "%27%3B--", "%20", "01890a5d-ac96-774b-bcce-b302099a8057", "%F0%9F%98%80", "@x%2Fy", "file.pdf");

    private static final List<String> PARAMETERS = List.of(
            "limit",
            "top_k",
            "page",
            "page_size",
            "as_of",
            "valid_at",
            "time",
            "from",
            "to",
            "since",
            "after",
            "cursor",
            "filter",
            "session",
            "user_id",
            "state",
            "kind",
            "sort",
            "tag",
            "at",
            "task_id",
            "timeout_ms");

    private static final List<String> HEADERS = List.of(
            "Idempotency-Key",
            "If-Match",
            "If-None-Match",
            "X-Request-Id",
            "Accept",
            "Origin",
            "Range",
            "MCP-Protocol-Version",
            "Content-Type",
            "Accept-Encoding",
            "Last-Event-ID",
            "X-Memos4j-User");

    private static final List<String> VALUES = List.of(
            "*",
            "\"1\"",
            "\"-1\"",
            "W/\"x\"",
            "text/event-stream",
            "text/csv",
            "application/pdf",
            "bytes=0-",
            "null",
            "https://evil.example",
            "99999999999999999999",
            "x;q=z",
            "application/json; charset=utf-99");

    @TempDir
    Path directory;

    private final Random random = new Random(SEED);

    @Test
    void noRouteFails() {
        try (RunningServer server = RunningServer.at(directory)) {
            String key = server.adminKey();
            server.post(key, "/v1/cubes/a/memories", "{'text':'something that is there'}");
            Set<String> failures = new TreeSet<>();
            for (Route route : server.server().routes()) {
                for (int i = 0; i < BODIES; i++) {
                    String method = random.nextInt(10) == 0 ? pick(METHODS) : route.method();
                    String body = Set.of("GET", "DELETE").contains(method) && random.nextInt(4) > 0 ? "" : body();
                    String path = route.path().replaceAll("\\{[^}]+}", pick(SEGMENTS)) + query();
                    int status =
                            server.exchange(key, method, path, body, headers()).status();
                    if (status >= 500 && !DOCUMENTED.contains(status)) {
                        failures.add(status + " " + method + " " + path + " " + body);
                    }
                }
            }
            assertThat(failures).as("seed %d", SEED).isEmpty();
        }
    }

    private String query() {
        StringBuilder query = new StringBuilder();
        for (int i = random.nextInt(3); i > 0; i--) {
            query.append(query.isEmpty() ? "?" : "&")
                    .append(pick(PARAMETERS))
                    .append('=')
                    .append(URLEncoder.encode(pick(STRINGS).replace("\ud800", ""), StandardCharsets.UTF_8));
        }
        return query.length() > 4_000 ? "" : query.toString();
    }

    private Map<String, String> headers() {
        Map<String, String> headers = new LinkedHashMap<>();
        for (int i = random.nextInt(3); i > 0; i--) {
            headers.put(pick(HEADERS), pick(VALUES));
        }
        return headers;
    }

    private <T> T pick(List<T> from) {
        return from.get(random.nextInt(from.size()));
    }

    private String body() {
        String json = JSON.writeValueAsString(object(0));
        return switch (random.nextInt(8)) {
            case 0 -> json.substring(0, random.nextInt(json.length()));
            case 1 -> json + "}";
            case 2 -> "[" + json + "]";
            case 3 -> "{\"query\":" + "[".repeat(200) + "]".repeat(200) + "}";
            case 4 -> "{\"limit\":1e400,\"limit\":-0,\"top_k\":" + "9".repeat(80) + "}";
            default -> json;
        };
    }

    private Object value(int depth) {
        return switch (random.nextInt(depth > 3 ? 5 : 8)) {
            case 0 -> pick(List.of(0, -1, 1, 10, Integer.MAX_VALUE, Long.MIN_VALUE, 1.5, -1e300));
            case 1 -> random.nextBoolean();
            case 2 -> List.of();
            case 3, 4 -> pick(STRINGS);
            case 5 -> object(depth + 1);
            default -> list(depth + 1);
        };
    }

    private List<Object> list(int depth) {
        List<Object> list = new ArrayList<>();
        for (int i = random.nextInt(4); i >= 0; i--) {
            list.add(value(depth));
        }
        return list;
    }

    private Object object(int depth) {
        var map = new LinkedHashMap<String, Object>();
        for (int i = random.nextInt(6); i >= 0; i--) {
            map.put(pick(NAMES), value(depth));
        }
        return map;
    }
}
