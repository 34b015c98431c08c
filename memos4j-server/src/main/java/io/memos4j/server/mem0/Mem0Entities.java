package io.memos4j.server.mem0;

import io.memos4j.api.CubeDescription;
import io.memos4j.api.MemoryException;
import io.memos4j.api.access.Permission;
import io.memos4j.api.items.Filter;
import io.memos4j.api.items.Selection;
import io.memos4j.server.facade.MemoryLookup;
import io.memos4j.server.facade.MemoryOwner;
import io.memos4j.server.http.HttpExchange;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** The entities that own memories (users, agents, apps, runs): the caller's cubes. */
final class Mem0Entities {
    private static final int MAX_ENTITIES = 1_000;

    private Mem0Entities() {}

    static List<Map<String, Object>> list(HttpExchange exchange) {
        return MemoryLookup.readableCubes(exchange, MAX_ENTITIES).stream()
                .map(cube -> cube.describe())
                .filter(described -> described.itemCount() > 0)
                .map(described -> entity(exchange.cubeName(described.id()), described))
                .toList();
    }

    private static Map<String, Object> entity(String cube, CubeDescription described) {
        MemoryOwner owner = MemoryOwner.ofCube(cube);
        Map<String, Object> json = new LinkedHashMap<>();
        json.put("id", owner.id());
        json.put("name", owner.id());
        json.put("type", owner.kind().wireName());
        json.put("total_memories", described.itemCount());
        json.put("created_at", described.createdAt().toString());
        json.put("updated_at", described.createdAt().toString());
        return json;
    }

    /** Deletes all memories of an entity. A missing entity is not an error. */
    static void delete(HttpExchange exchange) {
        MemoryOwner.Kind kind = MemoryOwner.Kind.ofWireName(exchange.pathParameter("type"))
                .orElseThrow(() -> MemoryException.invalid("The type must be user, agent, app or run."));
        MemoryOwner owner = new MemoryOwner(kind, exchange.pathParameter("entity"));
        MemoryLookup.findCube(exchange, owner.cubeName(exchange), Permission.WRITE)
                .ifPresent(cube -> cube.delete(Selection.matching(Filter.ALL)));
    }
}
