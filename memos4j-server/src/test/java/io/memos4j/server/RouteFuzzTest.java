package io.memos4j.server;

import io.memos4j.server.http.Route;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.json.JsonMapper;

import static org.assertj.core.api.Assertions.assertThat;

/** Sends random bodies, valid and malformed, to every route: the server must never fail with 500. Seeded. */
class RouteFuzzTest {
    private static final long SEED = 20_261_121;
    private static final int BODIES = 25;
    private static final JsonMapper JSON = new JsonMapper();

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
                    String body = Set.of("GET", "DELETE").contains(route.method()) ? "" : body();
                    String path = route.path().replaceAll("\\{[^}]+}", random.nextBoolean() ? "a" : "%27%3B--")
                            + (random.nextInt(3) == 0 ? "?limit=" + pick(List.of("0", "-1", "x", "99999999999")) : "");
                    int status = server.raw(key, route.method(), path, body).status();
                    if (status == 500) {
                        failures.add(route.name() + " " + path + " " + body);
                    }
                }
            }
            assertThat(failures).as("seed %d", SEED).isEmpty();
        }
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
        var map = new java.util.LinkedHashMap<String, Object>();
        for (int i = random.nextInt(6); i >= 0; i--) {
            map.put(pick(NAMES), value(depth));
        }
        return map;
    }
}
