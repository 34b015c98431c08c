package io.memos4j.server.mem0;

import io.memos4j.api.MemoryException;
import io.memos4j.api.items.Filter;
import io.memos4j.api.items.Filter.Compare;
import io.memos4j.api.items.Filter.Operator;
import io.memos4j.server.facade.FilterConditions;
import io.memos4j.server.facade.MemoryOwner;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import tools.jackson.databind.JsonNode;

/**
 * Parses mem0's filters: {@code {"AND": [{"user_id": "alice"}, {"created_at": {"gte": "2026-01-01"}}]}}. A name that is
 * not a field of mem0 is a metadata key. Fields that cannot be filtered by are rejected, never ignored.
 */
final class Mem0FilterParser {
    static final String AND = "AND";
    static final String OR = "OR";
    private static final String NOT = "NOT";
    private static final String ANY = "*";

    private final MemoryOwner owner;

    private Mem0FilterParser(MemoryOwner owner) {
        this.owner = owner;
    }

    /** Parses a filter for a cube of this owner. */
    static Filter parse(JsonNode node, MemoryOwner owner) {
        return new Mem0FilterParser(owner).parseTree(node);
    }

    private Filter parseTree(JsonNode node) {
        if (!node.isObject()) {
            throw MemoryException.invalid("'filters' must be an object like {\"user_id\": \"alice\"}.");
        }
        List<Filter> parts = new ArrayList<>();
        node.properties().forEach(each -> parts.add(part(each.getKey(), each.getValue())));
        return all(parts);
    }

    /** Combines filters into the simplest one, since only a search without a filter ranks whole conversations. */
    static Filter all(List<Filter> parts) {
        return FilterConditions.all(
                parts.stream().filter(part -> !part.equals(Filter.ALL)).toList());
    }

    private Filter part(String name, JsonNode value) {
        return switch (name) {
            case AND -> all(trees(name, value));
            case OR -> new Filter.Or(trees(name, value));
            case NOT -> value.isArray() ? Filter.not(new Filter.Or(trees(name, value))) : Filter.not(parseTree(value));
            case "metadata" -> metadata(value);
            default -> condition(name, value);
        };
    }

    private List<Filter> trees(String name, JsonNode list) {
        if (!list.isArray()) {
            throw MemoryException.invalid("'" + name + "' in 'filters' takes a list.");
        }
        return list.values().stream().map(this::parseTree).toList();
    }

    private Filter metadata(JsonNode value) {
        if (!value.isObject()) {
            throw MemoryException.invalid("'metadata' in 'filters' takes an object.");
        }
        List<Filter> parts = new ArrayList<>();
        value.properties()
                .forEach(each -> parts.add(conditions(each.getValue(), single -> conditionOn(each.getKey(), single))));
        return new Filter.And(parts);
    }

    private Filter conditionOn(String key, Condition single) {
        return compare(Filter.METADATA + key, key, single);
    }

    private Filter condition(String name, JsonNode value) {
        Optional<MemoryOwner.Kind> kind = MemoryOwner.Kind.ofField(name);
        if (kind.isPresent()) {
            return conditions(value, single -> ownerFilter(kind.get(), single));
        }
        return switch (name) {
            case "created_at" -> conditions(value, single -> compare("time", name, single));
            case "updated_at" -> conditions(value, single -> compare("updated", name, single));
            case "expiration_date" -> conditions(value, single -> compare("expires", name, single));
            case "id", "memory_ids" -> conditions(value, single -> compare("id", name, single));
            case "role" -> conditions(value, single -> compare("role", name, single));
            case "actor_id" -> conditions(value, single -> compare("speaker", name, single));
            case "categories" -> conditions(value, single -> compare(Filter.METADATA + "categories", name, single));
            case "memory", "text", "keywords", "data", "hash", "score", "feedback" ->
                throw MemoryException.invalid(
                        "Memories cannot be filtered by '" + name + "'. Search for words instead.");
            default -> conditions(value, single -> conditionOn(name, single));
        };
    }

    /** An operator and its operand. */
    private record Condition(String operator, JsonNode value) {}

    private static Filter conditions(JsonNode value, Function<Condition, Filter> each) {
        if (value.isArray()) {
            return among(value, each);
        }
        if (!value.isObject()) {
            return each.apply(new Condition("eq", value));
        }
        List<Filter> parts = new ArrayList<>();
        value.properties().forEach(entry -> parts.add(operator(entry.getKey(), entry.getValue(), each)));
        return FilterConditions.all(parts);
    }

    private static Filter operator(String operator, JsonNode value, Function<Condition, Filter> each) {
        return switch (operator) {
            case "in" -> among(value, each);
            case "nin" -> Filter.not(among(value, each));
            case "ne" -> Filter.not(each.apply(new Condition("eq", value)));
            default -> each.apply(new Condition(operator, value));
        };
    }

    private static Filter among(JsonNode list, Function<Condition, Filter> each) {
        if (!list.isArray()) {
            throw MemoryException.invalid("'in' and 'nin' in 'filters' take a list.");
        }
        return new Filter.Or(list.values().stream()
                .map(value -> each.apply(new Condition("eq", value)))
                .toList());
    }

    private Filter ownerFilter(MemoryOwner.Kind kind, Condition single) {
        if (!single.operator.equals("eq") || !single.value.isString()) {
            throw MemoryException.invalid("'" + kind.field() + "' in 'filters' can only be equal to a string.");
        }
        String id = single.value.stringValue();
        if (id.equals(ANY)) {
            return kind == owner.kind() ? Filter.ALL : Filter.exists(Filter.METADATA + kind.field());
        }
        return owner.filterFor(kind, id);
    }

    private static Filter compare(String field, String name, Condition single) {
        if (single.operator.equals("eq")
                && single.value.isString()
                && single.value.stringValue().equals(ANY)) {
            return Filter.exists(field);
        }
        Object value = FilterConditions.value(field, name, single.value);
        return switch (single.operator) {
            case "eq" -> Filter.eq(field, value);
            // A member of a list, or a substring.
            case "contains" ->
                field.startsWith(Filter.METADATA) && value instanceof String part
                        ? Filter.or(Filter.eq(field, part), Filter.contains(field, part))
                        : new Compare(field, Operator.CONTAINS, value);
            default ->
                FilterConditions.range(field, single.operator, value)
                        .orElseThrow(() -> MemoryException.invalid("'" + name + "' in 'filters' has the unknown"
                                + " operator '" + single.operator
                                + "'. Use eq, ne, gt, gte, lt, lte, in, nin or contains."));
        };
    }
}
