package io.memos4j.server.memos;

import io.memos4j.api.Filter;
import io.memos4j.api.ItemType;
import io.memos4j.api.MemoryItem;
import io.memos4j.api.Permission;
import io.memos4j.api.SearchHit;
import io.memos4j.api.SearchRequest;
import io.memos4j.server.clients.Holdings;
import io.memos4j.server.clients.Holdings.Section;
import io.memos4j.server.clients.Owner;
import io.memos4j.server.clients.Values;
import io.memos4j.server.http.Exchange;
import io.memos4j.server.memos.Kinds.Bucket;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** The calls of the MemOS cloud that read memories. */
final class OpenMemReads {
    private static final int LARGEST_PAGE = 50;
    private static final int MOST_MESSAGES = 1_000;

    private OpenMemReads() {}

    static void search(Exchange exchange, Form form) {
        String query = form.text("query");
        Map<Bucket, Integer> counts = new EnumMap<>(Bucket.class);
        counts.put(Bucket.TEXT, count(form, "memory_limit_number"));
        counts.put(Bucket.PREF, form.flag("include_preference", true) ? count(form, "preference_limit_number") : 0);
        counts.put(Bucket.TOOL, form.flag("include_tool_memory", false) ? count(form, "tool_memory_limit_number") : 0);
        counts.put(Bucket.SKILL, form.flag("include_skill", false) ? count(form, "skill_limit_number") : 0);
        double relativity = form.number("relativity", 0, 0);
        Owner owner = OpenMem.owner(form);
        SearchRequest request = Searches.request(query, form.text(OpenMem.CONVERSATION, ""));
        Searches.Question question = new Searches.Question(request, OpenMem.filter(form, owner), counts, relativity);
        Map<Bucket, List<SearchHit>> found = Holdings.cube(exchange, owner.cube(), Permission.READ)
                .map(cube -> Searches.ask(cube, question))
                .orElse(Map.of());
        Map<String, Object> json = new LinkedHashMap<>();
        for (Bucket bucket : Bucket.values()) {
            json.put(
                    OpenMem.list(bucket),
                    found.getOrDefault(bucket, List.of()).stream()
                            .map(hit -> OpenMem.detail(hit.item(), Optional.of(Relativity.of(hit))))
                            .toList());
        }
        json.put("profile_detail_list", List.of());
        json.put("event_detail_list", List.of());
        json.put(
                "preference_note",
                Preferences.of(found.getOrDefault(Bucket.PREF, List.of())).note());
        OpenMem.ok(exchange, json);
    }

    private static int count(Form form, String field) {
        return form.integer(field, 6, 1, SearchRequest.MAX_LIMIT / 2);
    }

    static void list(Exchange exchange, Form form) {
        int page = form.integer("page", 1, 1, Integer.MAX_VALUE);
        int size = form.integer("size", 10, 1, LARGEST_PAGE);
        List<Bucket> wanted = new ArrayList<>(List.of(Bucket.TEXT));
        if (form.flag("include_preference", true)) {
            wanted.add(Bucket.PREF);
        }
        if (form.flag("include_tool_memory", false)) {
            wanted.add(Bucket.TOOL);
        }
        Owner owner = OpenMem.owner(form);
        Filter filter = OpenMem.filter(form, owner);
        Map<String, Object> json = new LinkedHashMap<>();
        long total = 0;
        for (Bucket bucket : Bucket.values()) {
            Section section = wanted.contains(bucket)
                    ? Holdings.cube(exchange, owner.cube(), Permission.READ)
                            .map(cube -> Holdings.section(
                                    cube,
                                    Filter.and(Holdings.LIVE, bucket.filter(), filter),
                                    (long) (page - 1) * size,
                                    size))
                            .orElse(new Section(List.of(), 0))
                    : new Section(List.of(), 0);
            total = Math.max(total, section.total());
            json.put(OpenMem.list(bucket), details(section.items()));
        }
        json.put("total", total);
        json.put("size", size);
        json.put("current", page);
        json.put("pages", Math.ceilDiv(total, size));
        OpenMem.ok(exchange, json);
    }

    private static List<Map<String, Object>> details(List<MemoryItem> items) {
        return items.stream()
                .map(item -> OpenMem.detail(item, Optional.empty()))
                .toList();
    }

    static void one(Exchange exchange) {
        Holdings.Held held = OpenMem.held(exchange, exchange.path("memory"), Permission.READ);
        OpenMem.ok(exchange, OpenMem.detail(held.item(), Optional.empty()));
    }

    /** The last turns of a conversation, or of all, oldest first. */
    static void messages(Exchange exchange, Form form) {
        Owner owner = OpenMem.owner(form);
        int most = form.integer("message_limit_number", 6, 1, MOST_MESSAGES);
        Filter said = Filter.type(ItemType.MESSAGE);
        Filter filter = form.find(OpenMem.CONVERSATION)
                .map(session -> Filter.and(said, Filter.session(session)))
                .orElse(said);
        List<MemoryItem> items = Holdings.cube(exchange, owner.cube(), Permission.READ)
                .map(cube -> Holdings.latest(cube, filter, most))
                .orElse(List.of());
        OpenMem.ok(
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
        json.put(OpenMem.CONVERSATION, item.origin().session());
        json.put(Telling.MESSAGE, Values.text(item.metadata(), Telling.MESSAGE));
        json.put("create_time", item.times().occurredAt().toEpochMilli());
        json.put("update_time", item.times().updatedAt().toEpochMilli());
        return json;
    }
}
