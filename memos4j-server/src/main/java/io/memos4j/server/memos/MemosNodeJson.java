package io.memos4j.server.memos;

import io.memos4j.api.items.ItemType;
import io.memos4j.api.items.MemoryItem;
import io.memos4j.api.items.SourceReference;
import io.memos4j.core.language.StandingMemory;
import io.memos4j.server.facade.ClientMetadata;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import java.util.stream.Collectors;

/** Renders memories in MemOS's JSON form: an id, a text, and everything else as metadata. */
final class MemosNodeJson {
    private MemosNodeJson() {}

    /** @param cube the caller's name of the cube */
    static Map<String, Object> node(MemoryItem item, String cube) {
        return node(item, metadata(item, cube));
    }

    private static Map<String, Object> node(MemoryItem item, Map<String, Object> metadata) {
        Map<String, Object> json = new LinkedHashMap<>();
        json.put("id", item.id().toString());
        json.put("memory", item.text());
        json.put("metadata", metadata);
        return json;
    }

    /** Renders a search hit. */
    static Map<String, Object> found(MemoryItem item, String cube, double relativity) {
        String id = item.id().toString();
        String reference = "[" + id.substring(0, id.indexOf('-')) + "]";
        Map<String, Object> metadata = metadata(item, cube);
        metadata.put("relativity", relativity);
        metadata.put("ref_id", reference);
        metadata.put("id", id);
        metadata.put("memory", item.text());
        Map<String, Object> json = node(item, metadata);
        json.put("ref_id", reference);
        return json;
    }

    private static Map<String, Object> metadata(MemoryItem item, String cube) {
        Map<String, Object> own = item.metadata();
        Map<String, Object> json = new LinkedHashMap<>();
        json.put(MemosInputContext.USER, own.getOrDefault(MemosInputContext.USER, cube));
        json.put("session_id", item.origin().session());
        json.put("status", status(item));
        json.put("is_fast", item.type() == ItemType.MESSAGE);
        json.put("evolve_to", List.of());
        json.put("version", item.version());
        json.put("history", List.of());
        json.put("working_binding", null);
        json.put("type", item.type().id());
        json.put("key", item.title().isEmpty() ? null : item.title());
        json.put("confidence", own.getOrDefault("confidence", 0.99));
        json.put("source", own.getOrDefault("source", source(item)));
        json.put(MemosInputContext.TAGS, tags(item));
        json.put("visibility", "private");
        json.put("updated_at", item.times().updatedAt().toString());
        json.put("created_at", item.times().recordedAt().toString());
        json.put("memory_type", MemosMemoryTypes.of(item));
        json.put("user_name", cube);
        json.put("sources", sources(item));
        json.put("embedding", List.of());
        json.put("usage", List.of());
        json.put("background", "");
        json.put("file_ids", fileIds(item));
        addPreference(json, item, cube);
        Map<String, Object> info = new LinkedHashMap<>(own);
        info.keySet().removeAll(MemosInputContext.OWNED);
        json.put("info", info);
        own.forEach(json::putIfAbsent);
        return json;
    }

    static List<String> tags(MemoryItem item) {
        TreeSet<String> tags = new TreeSet<>(item.tags());
        tags.addAll(ClientMetadata.texts(item.metadata(), MemosInputContext.TAGS));
        return List.copyOf(tags);
    }

    private static String status(MemoryItem item) {
        return switch (item.state()) {
            case ACTIVATED, FROZEN -> "activated";
            case GENERATED -> "resolving";
            case ARCHIVED, MERGED, EXPIRED, FORGOTTEN ->
                item.metadata().containsKey(MemosInputContext.RECORD) ? "deleted" : "archived";
        };
    }

    private static String source(MemoryItem item) {
        return item.type() == ItemType.DOCUMENT ? "file" : "conversation";
    }

    private static List<Map<String, Object>> sources(MemoryItem item) {
        List<Map<String, Object>> sources = new ArrayList<>();
        if (item.type() == ItemType.MESSAGE) {
            Map<String, Object> said = new LinkedHashMap<>();
            said.put("type", "chat");
            said.put("role", item.origin().role().id());
            said.put("chat_time", item.times().occurredAt().toString());
            said.put(MemosInputContext.MESSAGE, ClientMetadata.text(item.metadata(), MemosInputContext.MESSAGE));
            said.put("content", item.text());
            sources.add(said);
        }
        for (SourceReference source : item.origin().sources()) {
            Map<String, Object> json = new LinkedHashMap<>();
            json.put("type", source.kind() == SourceReference.Kind.ITEM ? "chat" : "doc");
            json.put(source.kind() == SourceReference.Kind.ITEM ? MemosInputContext.MESSAGE : "doc_path", source.id());
            sources.add(json);
        }
        return sources;
    }

    private static List<String> fileIds(MemoryItem item) {
        return item.origin().sources().stream()
                .filter(source -> source.kind() == SourceReference.Kind.DOCUMENT)
                .map(SourceReference::id)
                .distinct()
                .toList();
    }

    private static void addPreference(Map<String, Object> json, MemoryItem item, String cube) {
        if (MemosMemoryTypes.Bucket.of(item) == MemosMemoryTypes.Bucket.PREF) {
            json.put("preference_type", preferenceType(item));
            json.put("preference", preference(item));
            json.put("mem_cube_id", cube);
        }
    }

    /** Returns the preferences and instructions that an item states; of a message, without what else it says. */
    private static String preference(MemoryItem item) {
        String stated = StandingMemory.current(List.of(item)).stream()
                .map(StandingMemory::text)
                .collect(Collectors.joining(" "));
        return stated.isEmpty() ? item.text() : stated;
    }

    /** Returns the preference type: explicit if the user stated it, implicit if it was inferred. */
    static String preferenceType(MemoryItem item) {
        boolean implicit = Boolean.TRUE.equals(item.metadata().get("implicit"));
        return implicit ? "implicit_preference" : "explicit_preference";
    }
}
