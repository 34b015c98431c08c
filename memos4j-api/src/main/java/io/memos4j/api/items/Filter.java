package io.memos4j.api.items;

import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Set;

/**
 * A boolean tree over the fields of an item, applied before ranking. A field is one of {@link #FIELDS} or
 * {@code metadata.} and a dotted path. Values are strings, booleans, numbers or {@link Instant}s; the time fields take
 * instants. {@code until} is when an item ceased to hold, {@code expires} when its time to live ends; most have no such
 * times. {@code sensitivity} is the label of the most sensitive part.
 *
 * <p>A tree is at most {@value FilterValidator#MAX_DEPTH} deep, a node has at most {@value FilterValidator#MAX_PARTS}
 * parts, and a choice has at most {@value FilterValidator#MAX_PARTS} values, {@value FilterValidator#MAX_CHOICES} for
 * the fields of strings.
 *
 * <p>Parts of strings are looked for in {@code tag}, {@code session}, {@code speaker} and metadata.
 *
 * <p>A message that states a preference or an instruction has these types besides its own, see
 * {@link MemoryItem#standing}.
 *
 * <p>A comparison is false where the item has no such value; {@code tag}, {@code source} and metadata lists match if
 * any element does. Strings compare exactly.
 */
public sealed interface Filter {
    /** The fields of every item. */
    Set<String> FIELDS = Set.of(
            "id",
            "type",
            "state",
            "session",
            "role",
            "speaker",
            "tag",
            "source",
            "time",
            "recorded",
            "updated",
            "until",
            "expires",
            "sensitivity");

    /** The prefix of the callers' own fields. */
    String METADATA = "metadata.";

    /** Matches everything. */
    Filter ALL = new And(List.of());

    /** Matches the items that a plain search can return, see {@link ItemState#isRecalled}. */
    Filter RECALLED = in("state", List.of(ItemState.ACTIVATED.id(), ItemState.FROZEN.id()));

    /** All of the parts; with no part, everything. */
    record And(List<Filter> parts) implements Filter {
        public And {
            parts = List.copyOf(parts);
            FilterValidator.checkSize(parts);
        }
    }

    /** Any of the parts; with no part, nothing. */
    record Or(List<Filter> parts) implements Filter {
        public Or {
            parts = List.copyOf(parts);
            FilterValidator.checkSize(parts);
        }
    }

    record Not(Filter part) implements Filter {
        public Not {
            FilterValidator.checkSize(List.of(part));
        }
    }

    /** The field has a value that stands in this relation to {@code value}. */
    record Compare(String field, Operator operator, Object value) implements Filter {
        public Compare {
            FilterValidator.check(field, operator, value);
        }
    }

    /** The field equals one of the values; with no value, nothing. */
    record In(String field, List<Object> values) implements Filter {
        public In {
            values = List.copyOf(values);
            values.forEach(value -> FilterValidator.check(field, Operator.EQ, value));
            FilterValidator.checkField(field);
            FilterValidator.checkCount(field, values.size());
        }
    }

    /** The field has a value. */
    record Exists(String field) implements Filter {
        public Exists {
            FilterValidator.checkField(field);
        }
    }

    /** Comparison of a field with a value. */
    enum Operator {
        EQ,
        LT,
        LTE,
        GT,
        GTE,
        /**
         * The value is a string that holds this one; a string of more than {@value Filter#MAX_SEARCHED_BYTES} bytes in
         * UTF-8 does not match.
         */
        CONTAINS
    }

    /** The longest string, in bytes, that {@link Operator#CONTAINS} searches. */
    int MAX_SEARCHED_BYTES = 1_024;

    /** Returns whether this matches everything whatever the items are, as a filter without conditions does. */
    default boolean matchesEverything() {
        return switch (this) {
            case And and -> and.parts.stream().allMatch(Filter::matchesEverything);
            case Or or -> or.parts.stream().anyMatch(Filter::matchesEverything);
            case Not not -> not.part.matchesNothing();
            case Compare compare -> false;
            case In in -> false;
            case Exists exists -> false;
        };
    }

    /** Returns whether this matches nothing whatever the items are. */
    default boolean matchesNothing() {
        return switch (this) {
            case And and -> and.parts.stream().anyMatch(Filter::matchesNothing);
            case Or or -> or.parts.stream().allMatch(Filter::matchesNothing);
            case Not not -> not.part.matchesEverything();
            case Compare compare -> false;
            case In in -> in.values.isEmpty();
            case Exists exists -> false;
        };
    }

    static Filter and(Filter... parts) {
        return new And(Arrays.asList(parts));
    }

    static Filter or(Filter... parts) {
        return new Or(Arrays.asList(parts));
    }

    static Filter not(Filter part) {
        return new Not(part);
    }

    static Filter eq(String field, Object value) {
        return new Compare(field, Operator.EQ, value);
    }

    static Filter contains(String field, String part) {
        return new Compare(field, Operator.CONTAINS, part);
    }

    static Filter in(String field, List<?> values) {
        return new In(field, List.copyOf(values));
    }

    static Filter exists(String field) {
        return new Exists(field);
    }

    static Filter type(ItemType type) {
        return eq("type", type.id());
    }

    static Filter session(String session) {
        return eq("session", session);
    }

    static Filter speaker(String speaker) {
        return eq("speaker", speaker);
    }

    static Filter tag(String tag) {
        return eq("tag", tag);
    }

    static Filter metadata(String path, Object value) {
        return eq(METADATA + path, value);
    }

    /** Occurred at or after {@code from} and before {@code to}. */
    static Filter between(Instant from, Instant to) {
        return and(new Compare("time", Operator.GTE, from), new Compare("time", Operator.LT, to));
    }
}
