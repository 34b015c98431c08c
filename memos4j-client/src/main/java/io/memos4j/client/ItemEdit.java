package io.memos4j.client;

import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * A change to a memory; fields that are not set stay as they are. Starts with {@link #none} or {@link #text}.
 *
 * @param fields the fields of the request, by their names in the API
 */
public record ItemEdit(Map<String, Object> fields) {
    public ItemEdit {
        fields = Map.copyOf(fields);
    }

    /** Returns an edit that changes nothing. */
    public static ItemEdit none() {
        return new ItemEdit(Map.of());
    }

    /** Returns an edit that replaces the text. */
    public static ItemEdit text(String text) {
        return none().with("text", text);
    }

    private ItemEdit with(String field, Object value) {
        Map<String, Object> all = new LinkedHashMap<>(fields);
        all.put(field, value);
        return new ItemEdit(all);
    }

    /** Sets the title. */
    public ItemEdit title(String title) {
        return with("title", title);
    }

    /** Replaces the tags. */
    public ItemEdit tags(String... tags) {
        return with("tags", List.of(tags));
    }

    /** Replaces the metadata. */
    public ItemEdit metadata(Map<String, ?> metadata) {
        return with("metadata", metadata);
    }

    /** Labels the memory: {@code public}, {@code internal}, {@code private} or {@code secret}. */
    public ItemEdit sensitivity(String sensitivity) {
        return with("sensitivity", sensitivity);
    }

    /** Sets the state: {@code activated}, {@code archived} or {@code frozen}. */
    public ItemEdit state(String state) {
        return with("state", state);
    }

    /** Sets the time at which it ceased to hold. */
    public ItemEdit validTo(Instant when) {
        return with("valid_to", when.toString());
    }

    /** Sets the time from which searches leave it out. */
    public ItemEdit expires(Instant when) {
        return with("expires", when.toString());
    }
}
