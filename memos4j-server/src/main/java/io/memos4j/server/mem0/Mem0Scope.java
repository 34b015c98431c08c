package io.memos4j.server.mem0;

import io.memos4j.api.MemoryException;
import io.memos4j.api.items.Filter;
import io.memos4j.server.facade.MemoryOwner;
import io.memos4j.server.facade.MemoryOwner.Kind;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import tools.jackson.databind.JsonNode;

/**
 * The owners that a request is about: named in fields of the request or in its filter, where each branch of an
 * {@code OR} can name others.
 *
 * @param named the owners named in fields of the request
 * @param filter the request's filter
 */
record Mem0Scope(Map<Kind, String> named, Optional<JsonNode> filter) {
    private static final String ANY = "*";

    /** @param field reads a text field by name */
    static Map<Kind, String> named(Function<String, Optional<String>> field) {
        Map<Kind, String> named = new EnumMap<>(Kind.class);
        for (Kind kind : Kind.values()) {
            field.apply(kind.field()).filter(id -> !id.isBlank()).ifPresent(id -> named.put(kind, id));
        }
        return named;
    }

    /** Returns the owners; empty for all of them, which must be requested with {@code *}. */
    Set<MemoryOwner> owners() {
        Optional<MemoryOwner> direct = MemoryOwner.of(named);
        if (direct.isPresent()) {
            return Set.of(direct.get());
        }
        NamedOwners found = filter.map(Mem0Scope::find).orElse(new NamedOwners(Set.of(), false));
        if (found.owners.isEmpty() && !found.allOwners) {
            throw MemoryException.invalid(
                    "Name an owner: user_id, agent_id, app_id or run_id is missing ('*' in 'filters' means all).");
        }
        return found.allOwners ? Set.of() : found.owners;
    }

    /** Returns the filter of the request within a cube of this owner. */
    Filter filter(MemoryOwner owner) {
        List<Filter> parts = new ArrayList<>();
        named.forEach((kind, id) -> parts.add(owner.filterFor(kind, id)));
        filter.map(node -> Mem0FilterParser.parse(node, owner)).ifPresent(parts::add);
        return Mem0FilterParser.all(parts);
    }

    private record NamedOwners(Set<MemoryOwner> owners, boolean allOwners) {}

    private static NamedOwners find(JsonNode node) {
        if (node.path(Mem0FilterParser.OR).isArray()) {
            Set<MemoryOwner> owners = new LinkedHashSet<>();
            boolean allOwners = false;
            for (JsonNode branch : node.path(Mem0FilterParser.OR).values()) {
                NamedOwners found = find(branch);
                owners.addAll(found.owners);
                allOwners |= found.allOwners || found.owners.isEmpty();
            }
            return new NamedOwners(owners, allOwners);
        }
        List<JsonNode> all = new ArrayList<>();
        conjuncts(node, all);
        for (Kind kind : Kind.values()) {
            for (JsonNode part : all) {
                if (part.has(kind.field())) {
                    return named(kind, part.path(kind.field()));
                }
            }
        }
        return all.stream()
                .filter(part -> part.path(Mem0FilterParser.OR).isArray())
                .findFirst()
                .map(Mem0Scope::find)
                .orElse(new NamedOwners(Set.of(), false));
    }

    /** Collects the conditions that must all hold: the parts of an {@code AND}, however nested, and those beside it. */
    private static void conjuncts(JsonNode node, List<JsonNode> all) {
        all.add(node);
        node.path(Mem0FilterParser.AND).values().forEach(each -> conjuncts(each, all));
    }

    private static NamedOwners named(Kind kind, JsonNode value) {
        JsonNode chosen = value.isObject() ? value.path(value.has("in") ? "in" : "eq") : value;
        Set<MemoryOwner> owners = new LinkedHashSet<>();
        List<JsonNode> ids = chosen.isArray() ? List.copyOf(chosen.values()) : List.of(chosen);
        for (JsonNode id : ids) {
            if (id.isString() && !id.stringValue().equals(ANY)) {
                owners.add(new MemoryOwner(kind, id.stringValue()));
            }
        }
        return new NamedOwners(owners, owners.isEmpty());
    }
}
