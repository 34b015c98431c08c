package io.memos4j.cli;

import io.memos4j.api.CubeDescription;
import io.memos4j.api.ItemId;
import io.memos4j.api.ItemVersion;
import io.memos4j.api.MemoryItem;
import io.memos4j.api.SearchHit;
import io.memos4j.api.SearchResult;
import io.memos4j.api.SourceRef;
import io.memos4j.api.Succession;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import tools.jackson.databind.json.JsonMapper;

/** The JSON forms of what commands print: one object a line. */
final class Json {
    private static final JsonMapper MAPPER = new JsonMapper();

    private Json() {}

    static String of(Object value) {
        return MAPPER.writeValueAsString(value);
    }

    static Map<String, Object> item(MemoryItem item) {
        Map<String, Object> json = new LinkedHashMap<>();
        json.put("id", item.id().toString());
        json.put("cube", item.cube().value());
        json.put("version", item.version());
        json.put("type", item.type().id());
        json.put("state", item.state().id());
        json.put("text", item.text());
        json.put("title", item.title());
        json.put("session", item.origin().session());
        json.put("role", item.origin().role().id());
        json.put("speaker", item.origin().speaker());
        json.put("time", item.times().occurredAt().toString());
        json.put("recorded", item.times().recordedAt().toString());
        json.put("updated", item.times().updatedAt().toString());
        item.times().validFrom().ifPresent(from -> json.put("valid_from", from.toString()));
        item.times().validTo().ifPresent(to -> json.put("valid_to", to.toString()));
        item.times().expiresAt().ifPresent(at -> json.put("expires", at.toString()));
        json.put("tags", item.tags());
        json.put("metadata", item.metadata());
        json.put("sources", item.origin().sources().stream().map(Json::source).toList());
        return json;
    }

    private static Map<String, Object> source(SourceRef source) {
        return Map.of(
                "kind", source.kind().name().toLowerCase(Locale.ROOT),
                "id", source.id(),
                "start", source.start(),
                "end", source.end());
    }

    static List<String> ids(List<ItemId> ids) {
        return ids.stream().map(ItemId::toString).toList();
    }

    static Map<String, Object> succession(Succession succession) {
        return Map.of(
                "former", succession.former().toString(),
                "successor", succession.successor().toString(),
                "reason", succession.reason(),
                "since", succession.since().toString());
    }

    static Map<String, Object> version(ItemVersion version) {
        Map<String, Object> json = item(version.item());
        json.put("cause", version.cause());
        json.put("actor", version.actor());
        version.supersededAt().ifPresent(at -> json.put("superseded", at.toString()));
        return json;
    }

    static Map<String, Object> result(SearchResult result) {
        Map<String, Object> json = new LinkedHashMap<>();
        json.put("hits", result.hits().stream().map(Json::hit).toList());
        json.put("context", result.context());
        json.put("context_tokens", result.contextTokens());
        json.put("warnings", result.warnings());
        json.put(
                "stages",
                result.stages().stream()
                        .map(stage ->
                                Map.of("name", stage.name(), "ms", stage.took().toNanos() / 1e6, "note", stage.note()))
                        .toList());
        return json;
    }

    private static Map<String, Object> hit(SearchHit hit) {
        Map<String, Object> json = item(hit.item());
        json.put("score", hit.score());
        json.put("excerpt", hit.excerpt());
        json.put("citation", hit.citation());
        json.put("tokens", hit.tokens());
        json.put("duplicates", ids(hit.duplicates()));
        json.put("episode", ids(hit.episode()));
        hit.successor().ifPresent(newer -> json.put("successor", newer.toString()));
        json.put("why", hit.why());
        return json;
    }

    static Map<String, Object> cube(CubeDescription cube) {
        Map<String, Object> types = new LinkedHashMap<>();
        cube.items().forEach((type, count) -> types.put(type.id(), count));
        Map<String, Object> json = new LinkedHashMap<>();
        json.put("cube", cube.id().value());
        json.put("created", cube.createdAt().toString());
        json.put("items", cube.itemCount());
        json.put("types", types);
        json.put("sessions", cube.sessions());
        json.put("changes", cube.changes());
        json.put("embedder", cube.embedder());
        json.put("pending_vectors", cube.pendingVectors());
        return json;
    }
}
