package io.memos4j.server.memos;

import io.memos4j.api.access.Permission;
import io.memos4j.api.items.Filter;
import io.memos4j.api.items.ItemType;
import io.memos4j.api.items.MemoryItem;
import io.memos4j.api.search.SearchHit;
import io.memos4j.api.search.SearchRequest;
import io.memos4j.server.facade.ClientMetadata;
import io.memos4j.server.facade.MemoryLookup;
import io.memos4j.server.facade.MemoryLookup.Slice;
import io.memos4j.server.facade.MemoryOwner;
import io.memos4j.server.http.HttpExchange;
import io.memos4j.server.memos.MemosMemoryTypes.Bucket;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** The requests of the MemOS cloud API that read memories. */
final class OpenMemReads {
    private static final int LARGEST_PAGE = 50;
    private static final int MOST_MESSAGES = 1_000;

    private OpenMemReads() {}

    static void search(HttpExchange exchange, MemosRequestForm form) {
        String query = form.text("query");
        Map<Bucket, Integer> counts = new EnumMap<>(Bucket.class);
        counts.put(Bucket.TEXT, count(form, "memory_limit_number"));
        counts.put(Bucket.PREF, form.flag("include_preference", true) ? count(form, "preference_limit_number") : 0);
        counts.put(Bucket.TOOL, form.flag("include_tool_memory", false) ? count(form, "tool_memory_limit_number") : 0);
        counts.put(Bucket.SKILL, form.flag("include_skill", false) ? count(form, "skill_limit_number") : 0);
        double relativity = form.number("relativity", 0, 0);
        MemoryOwner owner = OpenMemProtocol.owner(form);
        SearchRequest request =
                MemosSearchRoutes.request(query, form.text(OpenMemProtocol.CONVERSATION, ""), form.timeZone());
        MemosSearchRoutes.SearchQuery question =
                new MemosSearchRoutes.SearchQuery(request, OpenMemProtocol.filter(form, owner), counts, relativity);
        Map<Bucket, List<SearchHit>> found = MemoryLookup.findCube(exchange, owner.cubeName(exchange), Permission.READ)
                .map(cube -> MemosSearchRoutes.searchCube(cube, question))
                .orElse(Map.of());
        Map<String, Object> json = new LinkedHashMap<>();
        for (Bucket bucket : Bucket.values()) {
            json.put(
                    OpenMemProtocol.list(bucket),
                    found.getOrDefault(bucket, List.of()).stream()
                            .map(hit -> OpenMemProtocol.detail(hit.item(), Optional.of(RelativityScore.of(hit))))
                            .toList());
        }
        json.put("profile_detail_list", List.of());
        json.put("event_detail_list", List.of());
        json.put(
                "preference_note",
                MemosPreferencePrompt.of(found.getOrDefault(Bucket.PREF, List.of()), exchange::forPrompts)
                        .note());
        OpenMemProtocol.ok(exchange, json);
    }

    private static int count(MemosRequestForm form, String field) {
        return form.integer(field, 6, 1, SearchRequest.MAX_LIMIT / 2);
    }

    static void list(HttpExchange exchange, MemosRequestForm form) {
        int page = form.integer("page", 1, 1, Integer.MAX_VALUE);
        int size = form.integer("size", 10, 1, LARGEST_PAGE);
        List<Bucket> wanted = new ArrayList<>(List.of(Bucket.TEXT));
        if (form.flag("include_preference", true)) {
            wanted.add(Bucket.PREF);
        }
        if (form.flag("include_tool_memory", false)) {
            wanted.add(Bucket.TOOL);
        }
        MemoryOwner owner = OpenMemProtocol.owner(form);
        Filter filter = OpenMemProtocol.filter(form, owner);
        Map<String, Object> json = new LinkedHashMap<>();
        long total = 0;
        for (Bucket bucket : Bucket.values()) {
            Slice section = wanted.contains(bucket)
                    ? MemoryLookup.findCube(exchange, owner.cubeName(exchange), Permission.READ)
                            .map(cube -> MemoryLookup.slice(
                                    cube,
                                    Filter.and(Filter.RECALLED, bucket.filter(), filter),
                                    (long) (page - 1) * size,
                                    size))
                            .orElse(new Slice(List.of(), 0))
                    : new Slice(List.of(), 0);
            total = Math.max(total, section.total());
            json.put(OpenMemProtocol.list(bucket), details(section.items()));
        }
        json.put("total", total);
        json.put("size", size);
        json.put("current", page);
        json.put("pages", Math.ceilDiv(total, size));
        OpenMemProtocol.ok(exchange, json);
    }

    private static List<Map<String, Object>> details(List<MemoryItem> items) {
        return items.stream()
                .map(item -> OpenMemProtocol.detail(item, Optional.empty()))
                .toList();
    }

    static void one(HttpExchange exchange) {
        MemoryLookup.LocatedItem held =
                OpenMemProtocol.requireMemory(exchange, exchange.pathParameter("memory"), Permission.READ);
        OpenMemProtocol.ok(exchange, OpenMemProtocol.detail(held.item(), Optional.empty()));
    }

    /** Lists the last messages of a conversation, or of all of them, oldest first. */
    static void messages(HttpExchange exchange, MemosRequestForm form) {
        MemoryOwner owner = OpenMemProtocol.owner(form);
        int most = form.integer("message_limit_number", 6, 1, MOST_MESSAGES);
        Filter said = Filter.type(ItemType.MESSAGE);
        Filter filter = form.optionalText(OpenMemProtocol.CONVERSATION)
                .map(session -> Filter.and(said, Filter.session(session)))
                .orElse(said);
        List<MemoryItem> items = MemoryLookup.findCube(exchange, owner.cubeName(exchange), Permission.READ)
                .map(cube -> MemoryLookup.listLatest(cube, filter, most))
                .orElse(List.of());
        OpenMemProtocol.ok(
                exchange,
                Map.of(
                        "message_detail_list",
                        items.reversed().stream().map(OpenMemReads::message).toList()));
    }

    private static Map<String, Object> message(MemoryItem item) {
        Map<String, Object> json = new LinkedHashMap<>();
        json.put("id", item.id().toString());
        json.put("role", item.origin().role().id());
        json.put("content", item.text());
        json.put(OpenMemProtocol.CONVERSATION, item.origin().session());
        json.put(MemosInputContext.MESSAGE, ClientMetadata.text(item.metadata(), MemosInputContext.MESSAGE));
        json.put("create_time", item.times().occurredAt().toEpochMilli());
        json.put("update_time", item.times().updatedAt().toEpochMilli());
        return json;
    }
}
