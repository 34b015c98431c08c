package io.memos4j.client;

import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * A change of a memory; what is not said stays. Begin with {@link #none} or {@link #text}.
 *
 * @param fields of the request as the contract names them
 */
public record Edit(Map<String, Object> fields) {
    public Edit {
        fields = Map.copyOf(fields);
    }

    /** No change yet. */
    public static Edit none() {
        return new Edit(Map.of());
    }

    public static Edit text(String text) {
        return none().with("text", text);
    }

    private Edit with(String field, Object value) {
        Map<String, Object> all = new LinkedHashMap<>(fields);
        all.put(field, value);
        return new Edit(all);
    }

    public Edit title(String title) {
        return with("title", title);
    }

    public Edit tags(String... tags) {
        return with("tags", List.of(tags));
    }

    public Edit metadata(Map<String, ?> metadata) {
        return with("metadata", metadata);
    }

    /** {@code activated}, {@code archived} or {@code frozen}. */
    public Edit state(String state) {
        return with("state", state);
    }

    /** When it ceased to hold. */
    public Edit validTo(Instant when) {
        return with("valid_to", when.toString());
    }

    /** When it is to be left out of searches. */
    public Edit expires(Instant when) {
        return with("expires", when.toString());
    }
}
