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
public record ItemEdit(Map<String, Object> fields) {
    public ItemEdit {
        fields = Map.copyOf(fields);
    }

    /** No change yet. */
    public static ItemEdit none() {
        return new ItemEdit(Map.of());
    }

    public static ItemEdit text(String text) {
        return none().with("text", text);
    }

    private ItemEdit with(String field, Object value) {
        Map<String, Object> all = new LinkedHashMap<>(fields);
        all.put(field, value);
        return new ItemEdit(all);
    }

    public ItemEdit title(String title) {
        return with("title", title);
    }

    public ItemEdit tags(String... tags) {
        return with("tags", List.of(tags));
    }

    public ItemEdit metadata(Map<String, ?> metadata) {
        return with("metadata", metadata);
    }

    /** {@code activated}, {@code archived} or {@code frozen}. */
    public ItemEdit state(String state) {
        return with("state", state);
    }

    /** When it ceased to hold. */
    public ItemEdit validTo(Instant when) {
        return with("valid_to", when.toString());
    }

    /** When it is to be left out of searches. */
    public ItemEdit expires(Instant when) {
        return with("expires", when.toString());
    }
}
