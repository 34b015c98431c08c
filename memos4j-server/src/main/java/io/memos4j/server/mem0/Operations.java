package io.memos4j.server.mem0;

import io.memos4j.api.ErrorCode;
import io.memos4j.api.Filter;
import io.memos4j.api.ItemEdit;
import io.memos4j.api.MemCube;
import io.memos4j.api.MemoryException;
import io.memos4j.api.MemoryItem;
import io.memos4j.api.Permission;
import io.memos4j.api.SearchRequest;
import io.memos4j.api.Selection;
import io.memos4j.server.clients.Holdings;
import io.memos4j.server.clients.Owner;
import io.memos4j.server.clients.Values;
import io.memos4j.server.http.Body;
import io.memos4j.server.http.Exchange;
import io.memos4j.server.http.Problem;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import tools.jackson.databind.JsonNode;

/** What both protocols of mem0 do with memories. */
final class Operations {
    /** Cubes that one call looks through. */
    static final int MOST_CUBES = 50;

    private static final Duration DEADLINE = Duration.ofSeconds(5);
    private static final int ALL_TOKENS = 10_000_000;

    private Operations() {}

    static void refuse(Exchange exchange, Problem problem) {
        exchange.answer(problem.status(), Map.of("detail", problem.detail()));
    }

    static Holdings.Held held(Exchange exchange, String id, Permission needed) {
        return Holdings.find(exchange, id, needed)
                .orElseThrow(
                        () -> new MemoryException(ErrorCode.ITEM_NOT_FOUND, "Memory with id " + id + " not found"));
    }

    static Map<String, Object> shown(Exchange exchange, Holdings.Held held) {
        return Shapes.item(held.item(), exchange.shown(held.cube().id()));
    }

    /** A cube with what a call is about in it. */
    private record Part(MemCube cube, String name, Filter filter) {}

    private static List<Part> parts(Exchange exchange, Scope scope, Permission needed) {
        Set<Owner> owners = scope.owners();
        if (!owners.isEmpty()) {
            if (owners.size() > MOST_CUBES) {
                throw MemoryException.invalid("A call is about " + MOST_CUBES + " users, agents or runs at the most.");
            }
            return owners.stream()
                    .flatMap(owner -> Holdings.cube(exchange, owner.cube(), needed)
                            .map(cube -> new Part(cube, owner.cube(), scope.filter(owner)))
                            .stream())
                    .toList();
        }
        List<MemCube> all = Holdings.cubes(exchange, MOST_CUBES + 1);
        if (all.size() > MOST_CUBES) {
            throw MemoryException.invalid("There are more than " + MOST_CUBES
                    + " users, agents and runs to look through. Name those that you mean.");
        }
        return all.stream()
                .map(cube -> {
                    String name = exchange.shown(cube.id());
                    return new Part(cube, name, scope.filter(Owner.ofCube(name)));
                })
                .toList();
    }

    /**
     * What is asked for.
     *
     * @param threshold hits below are left out
     */
    record Question(String query, int most, double threshold, boolean expired) {
        static Question of(Body body) {
            String field = body.has("top_k") ? "top_k" : "limit";
            return new Question(
                    body.text("query"),
                    body.integer(field, 10, 1, SearchRequest.MAX_LIMIT),
                    body.number("threshold").orElse(0.0),
                    body.flag("show_expired", false));
        }
    }

    static List<Map<String, Object>> search(Exchange exchange, Scope scope, Question question) {
        SearchRequest plain = SearchRequest.of(question.query)
                .limit(question.most)
                .maxTokens(ALL_TOKENS)
                .within(DEADLINE);
        SearchRequest request = question.expired ? plain.withInactive() : plain;
        List<Map<String, Object>> found = new ArrayList<>();
        for (Part part : parts(exchange, scope, Permission.READ)) {
            boolean all = part.filter.equals(Filter.ALL);
            part.cube.search(all ? request : request.where(part.filter)).hits().stream()
                    .filter(hit -> hit.score() >= question.threshold)
                    .forEach(hit -> {
                        Map<String, Object> json = Shapes.item(hit.item(), part.name);
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
     * Part of a listing.
     *
     * @param total how many there are
     */
    record Listed(List<Map<String, Object>> items, long total) {}

    static Listed list(Exchange exchange, Scope scope, long from, int size) {
        List<Map<String, Object>> items = new ArrayList<>();
        long total = 0;
        for (Part part : parts(exchange, scope, Permission.READ)) {
            Holdings.Section section = Holdings.section(
                    part.cube, Filter.and(Holdings.LIVE, part.filter), Math.max(0, from - total), size - items.size());
            section.items().forEach(item -> items.add(Shapes.item(item, part.name)));
            total += section.total();
        }
        return new Listed(items, total);
    }

    static void deleteAll(Exchange exchange, Scope scope) {
        parts(exchange, scope, Permission.WRITE).forEach(part -> part.cube.delete(Selection.matching(part.filter)));
    }

    static void delete(Exchange exchange, String id) {
        Holdings.Held held = held(exchange, id, Permission.WRITE);
        held.cube().delete(Selection.item(held.item().id()));
    }

    /** Changes what was sent, and takes away what was sent as null. */
    static Map<String, Object> update(Exchange exchange, String id, Body body) {
        Holdings.Held held = held(exchange, id, Permission.WRITE);
        ItemEdit edit = body.textIfGiven("text")
                .or(() -> body.textIfGiven("data"))
                .map(ItemEdit::text)
                .orElse(ItemEdit.NOTHING);
        if (body.sent("metadata")) {
            edit = edit.metadata(metadata(held.item(), body.node("metadata")));
        }
        if (body.sent("expiration_date")) {
            Optional<String> date = body.textIfGiven("expiration_date");
            edit = date.isPresent() ? edit.expiresAt(Adding.endOf(date.get())) : edit.neverExpiring();
        }
        if (edit.equals(ItemEdit.NOTHING)) {
            throw MemoryException.invalid("Nothing to change: give text, metadata or expiration_date.");
        }
        MemoryItem updated = held.cube().update(held.item().id(), edit);
        return Shapes.item(updated, exchange.shown(held.cube().id()));
    }

    private static Map<String, Object> metadata(MemoryItem item, Optional<JsonNode> given) {
        Map<String, Object> metadata = new LinkedHashMap<>(item.metadata());
        metadata.keySet().retainAll(Shapes.OWNED);
        given.filter(JsonNode::isObject).ifPresent(own -> metadata.putAll(Values.of(own, Shapes.OWNED)));
        return metadata;
    }

    static List<Map<String, Object>> history(Exchange exchange, String id) {
        Holdings.Held held = held(exchange, id, Permission.READ);
        return Shapes.history(
                held.cube().history(held.item().id()),
                exchange.shown(held.cube().id()));
    }
}
