package io.memos4j.server.mem0;

import io.memos4j.api.Filter;
import io.memos4j.api.MemoryException;
import io.memos4j.server.clients.Owner;
import io.memos4j.server.clients.Owner.Kind;
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
 * Whose memories a call is about: named beside the call's other fields, or within its filter, where each branch of an {@code OR} may name others.
 *
 * @param named beside the other fields
 * @param filter within which the rest is named
 */
record Scope(Map<Kind, String> named, Optional<JsonNode> filter) {
    private static final String ANY = "*";

    /** @param field reads a text by its name */
    static Map<Kind, String> named(Function<String, Optional<String>> field) {
        Map<Kind, String> named = new EnumMap<>(Kind.class);
        for (Kind kind : Kind.values()) {
            field.apply(kind.field()).filter(id -> !id.isBlank()).ifPresent(id -> named.put(kind, id));
        }
        return named;
    }

    /** Whose; empty for everybody's, which has to be asked for by {@code *}. */
    Set<Owner> owners() {
        Optional<Owner> direct = Owner.of(named);
        if (direct.isPresent()) {
            return Set.of(direct.get());
        }
        Found found = filter.map(Scope::find).orElse(new Found(Set.of(), false));
        if (found.owners.isEmpty() && !found.everybody) {
            throw MemoryException.invalid(
                    "Say whose memories: user_id, agent_id, app_id or run_id is missing (in 'filters', '*' for everybody's).");
        }
        return found.everybody ? Set.of() : found.owners;
    }

    /** What the call restricts itself to, in a cube of this owner. */
    Filter filter(Owner owner) {
        List<Filter> parts = new ArrayList<>();
        named.forEach((kind, id) -> parts.add(owner.holds(kind, id)));
        filter.map(node -> Filters.of(node, owner)).ifPresent(parts::add);
        return Filters.all(parts);
    }

    private record Found(Set<Owner> owners, boolean everybody) {}

    private static Found find(JsonNode node) {
        if (node.path(Filters.OR).isArray()) {
            Set<Owner> owners = new LinkedHashSet<>();
            boolean everybody = false;
            for (JsonNode branch : node.path(Filters.OR).values()) {
                Found found = find(branch);
                owners.addAll(found.owners);
                everybody |= found.everybody || found.owners.isEmpty();
            }
            return new Found(owners, everybody);
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
                .filter(part -> part.path(Filters.OR).isArray())
                .findFirst()
                .map(Scope::find)
                .orElse(new Found(Set.of(), false));
    }

    /** What must hold together: the parts of an {@code AND}, however nested, and what stands beside it. */
    private static void conjuncts(JsonNode node, List<JsonNode> all) {
        all.add(node);
        node.path(Filters.AND).values().forEach(each -> conjuncts(each, all));
    }

    private static Found named(Kind kind, JsonNode value) {
        JsonNode chosen = value.isObject() ? value.path(value.has("in") ? "in" : "eq") : value;
        Set<Owner> owners = new LinkedHashSet<>();
        List<JsonNode> ids = chosen.isArray() ? List.copyOf(chosen.values()) : List.of(chosen);
        for (JsonNode id : ids) {
            if (id.isString() && !id.stringValue().equals(ANY)) {
                owners.add(new Owner(kind, id.stringValue()));
            }
        }
        return new Found(owners, owners.isEmpty());
    }
}
