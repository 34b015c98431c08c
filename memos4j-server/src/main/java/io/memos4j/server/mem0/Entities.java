package io.memos4j.server.mem0;

import io.memos4j.api.CubeDescription;
import io.memos4j.api.Filter;
import io.memos4j.api.MemoryException;
import io.memos4j.api.Permission;
import io.memos4j.api.Selection;
import io.memos4j.server.clients.Holdings;
import io.memos4j.server.clients.Owner;
import io.memos4j.server.http.Exchange;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Users, agents, apps and runs that have memories of their own: the cubes of the caller. */
final class Entities {
    private static final int MOST = 1_000;

    private Entities() {}

    static List<Map<String, Object>> list(Exchange exchange) {
        return Holdings.cubes(exchange, MOST).stream()
                .map(cube -> cube.describe())
                .filter(described -> described.itemCount() > 0)
                .map(described -> entity(exchange.shown(described.id()), described))
                .toList();
    }

    private static Map<String, Object> entity(String cube, CubeDescription described) {
        Owner owner = Owner.ofCube(cube);
        Map<String, Object> json = new LinkedHashMap<>();
        json.put("id", owner.id());
        json.put("name", owner.id());
        json.put("type", owner.kind().word());
        json.put("total_memories", described.itemCount());
        json.put("created_at", described.createdAt().toString());
        json.put("updated_at", described.createdAt().toString());
        return json;
    }

    /** Forgets all that one remembers; that somebody is not there is no mistake. */
    static void delete(Exchange exchange) {
        Owner.Kind kind = Owner.Kind.ofWord(exchange.path("type"))
                .orElseThrow(() -> MemoryException.invalid("The type is user, agent, app or run."));
        Owner owner = new Owner(kind, exchange.path("entity"));
        Holdings.cube(exchange, owner.cube(), Permission.WRITE)
                .ifPresent(cube -> cube.delete(Selection.matching(Filter.ALL)));
    }
}
