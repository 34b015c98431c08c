package io.memos4j.server.mem0;

import io.memos4j.api.ErrorCode;
import io.memos4j.api.MemCube;
import io.memos4j.api.MemoryException;
import io.memos4j.api.access.Permission;
import io.memos4j.api.items.Filter;
import io.memos4j.api.items.ItemEdit;
import io.memos4j.api.items.ItemState;
import io.memos4j.api.items.MemoryItem;
import io.memos4j.api.items.Selection;
import io.memos4j.api.search.SearchRequest;
import io.memos4j.server.facade.ClientMetadata;
import io.memos4j.server.facade.MemoryLookup;
import io.memos4j.server.facade.MemoryOwner;
import io.memos4j.server.http.HttpExchange;
import io.memos4j.server.http.JsonBody;
import io.memos4j.server.http.ProblemDetail;
import java.time.Duration;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import tools.jackson.databind.JsonNode;

/** The operations that both mem0 protocols share. */
final class Mem0Operations {
    /** The maximum number of cubes per request. */
    static final int MOST_CUBES = 50;

    private static final Duration DEADLINE = Duration.ofSeconds(5);
    private static final int ALL_TOKENS = 10_000_000;

    private Mem0Operations() {}

    static void refuse(HttpExchange exchange, ProblemDetail problem) {
        exchange.respond(problem.status(), Map.of("detail", problem.detail()));
    }

    static MemoryLookup.LocatedItem requireItem(HttpExchange exchange, String id, Permission needed) {
        return MemoryLookup.findItem(exchange, id, needed)
                .orElseThrow(
                        () -> new MemoryException(ErrorCode.ITEM_NOT_FOUND, "Memory with id " + id + " not found"));
    }

    static Map<String, Object> itemJson(HttpExchange exchange, MemoryLookup.LocatedItem held) {
        return Mem0ItemJson.item(held.item(), exchange.cubeName(held.cube().id()));
    }

    /** A cube and the filter for the memories that a request is about. */
    private record ScopedCube(MemCube cube, String name, Filter filter) {}

    private static List<ScopedCube> scopedCubes(HttpExchange exchange, Mem0Scope scope, Permission needed) {
        Set<MemoryOwner> owners = scope.owners();
        if (!owners.isEmpty()) {
            if (owners.size() > MOST_CUBES) {
                throw MemoryException.invalid("A request can name at most " + MOST_CUBES + " users, agents or runs.");
            }
            return owners.stream()
                    .flatMap(owner -> MemoryLookup.findCube(exchange, owner.cubeName(exchange), needed)
                            .map(cube -> new ScopedCube(cube, owner.cubeName(exchange), scope.filter(owner)))
                            .stream())
                    .toList();
        }
        List<MemCube> all = MemoryLookup.readableCubes(exchange, MOST_CUBES + 1);
        if (all.size() > MOST_CUBES) {
            throw MemoryException.invalid(
                    "There are more than " + MOST_CUBES + " users, agents and runs. Name those to look in.");
        }
        return all.stream()
                .map(cube -> {
                    String name = exchange.cubeName(cube.id());
                    return new ScopedCube(cube, name, scope.filter(MemoryOwner.ofCube(name)));
                })
                .toList();
    }

    /**
     * The parameters of a search.
     *
     * @param threshold the minimum score of a hit
     */
    record SearchQuery(String query, int most, double threshold, boolean expired, Optional<ZoneId> zone) {
        static SearchQuery of(JsonBody body) {
            String field = body.has("top_k") ? "top_k" : "limit";
            return new SearchQuery(
                    body.text("query"),
                    body.integer(field, 10, 1, SearchRequest.MAX_LIMIT),
                    body.number("threshold").orElse(0.0),
                    body.flag("show_expired", false),
                    body.timeZone("time_zone"));
        }
    }

    static List<Map<String, Object>> search(HttpExchange exchange, Mem0Scope scope, SearchQuery question) {
        SearchRequest plain = SearchRequest.of(question.query)
                .limit(question.most)
                .maxTokens(ALL_TOKENS)
                .within(DEADLINE);
        SearchRequest local = question.zone.map(plain::inZone).orElse(plain);
        SearchRequest request = question.expired ? local.withInactive() : local;
        List<Map<String, Object>> found = new ArrayList<>();
        for (ScopedCube part : scopedCubes(exchange, scope, Permission.READ)) {
            boolean all = part.filter.equals(Filter.ALL);
            part.cube.search(all ? request : request.where(part.filter)).hits().stream()
                    .filter(hit -> hit.score() >= question.threshold)
                    .forEach(hit -> {
                        Map<String, Object> json = Mem0ItemJson.item(hit.item(), part.name);
                        json.put("score", hit.score());
                        found.add(json);
                    });
        }
        found.sort(Comparator.comparingDouble(
                        (Map<String, Object> each) -> each.get("score") instanceof Double score ? score : 0)
                .reversed());
        return found.stream().limit(question.most).toList();
    }

    /**
     * A page of a listing.
     *
     * @param total the number of all matches
     */
    record Listing(List<Map<String, Object>> items, long total) {}

    static Listing list(HttpExchange exchange, Mem0Scope scope, long from, int size) {
        List<Map<String, Object>> items = new ArrayList<>();
        long total = 0;
        for (ScopedCube part : scopedCubes(exchange, scope, Permission.READ)) {
            MemoryLookup.Slice section = MemoryLookup.slice(
                    part.cube,
                    Filter.and(Filter.RECALLED, part.filter),
                    Math.max(0, from - total),
                    size - items.size());
            section.items().forEach(item -> items.add(Mem0ItemJson.item(item, part.name)));
            total += section.total();
        }
        return new Listing(items, total);
    }

    static void deleteAll(HttpExchange exchange, Mem0Scope scope) {
        scopedCubes(exchange, scope, Permission.WRITE)
                .forEach(part -> part.cube.delete(Selection.matching(part.filter)));
    }

    /** Deletes memories: all of them, or none if one of them does not exist or may not be written. */
    static void delete(HttpExchange exchange, List<String> ids) {
        List<MemoryLookup.LocatedItem> found = ids.stream()
                .map(id -> requireItem(exchange, id, Permission.WRITE))
                .toList();
        found.forEach(held -> held.cube().delete(Selection.item(held.item().id())));
    }

    /** A change that was checked but not made. */
    record PreparedEdit(MemoryLookup.LocatedItem held, ItemEdit edit) {
        Map<String, Object> apply(HttpExchange exchange) {
            MemoryItem updated = held.cube().update(held.item().id(), edit);
            return Mem0ItemJson.item(updated, exchange.cubeName(held.cube().id()));
        }
    }

    /** Prepares a change of the fields that were sent; those sent as null are cleared. */
    static PreparedEdit prepareUpdate(HttpExchange exchange, String id, JsonBody body) {
        MemoryLookup.LocatedItem held = requireItem(exchange, id, Permission.WRITE);
        if (held.item().state() == ItemState.FROZEN) {
            throw MemoryException.invalid("Memory " + id + " is frozen and cannot be changed. Activate it first.");
        }
        ItemEdit edit = body.optionalText("text")
                .or(() -> body.optionalText("data"))
                .map(ItemEdit::text)
                .orElse(ItemEdit.NOTHING);
        if (body.isSent("metadata")) {
            edit = edit.metadata(metadata(held.item(), body.node("metadata")));
        }
        if (body.isSent("expiration_date")) {
            Optional<String> date = body.optionalText("expiration_date");
            edit = date.isPresent() ? edit.expiresAt(Mem0AddRequest.endOfDay(date.get())) : edit.neverExpiring();
        }
        if (edit.equals(ItemEdit.NOTHING)) {
            throw MemoryException.invalid("Nothing to change: give text, metadata or expiration_date.");
        }
        return new PreparedEdit(held, edit);
    }

    private static Map<String, Object> metadata(MemoryItem item, Optional<JsonNode> given) {
        Map<String, Object> metadata = new LinkedHashMap<>(item.metadata());
        metadata.keySet().retainAll(Mem0ItemJson.OWNED);
        given.filter(JsonNode::isObject)
                .ifPresent(own -> metadata.putAll(ClientMetadata.parse(own, Mem0ItemJson.OWNED)));
        return metadata;
    }

    static List<Map<String, Object>> history(HttpExchange exchange, String id) {
        MemoryLookup.LocatedItem held = requireItem(exchange, id, Permission.READ);
        return Mem0ItemJson.history(
                held.cube().history(held.item().id()),
                exchange.cubeName(held.cube().id()));
    }
}
