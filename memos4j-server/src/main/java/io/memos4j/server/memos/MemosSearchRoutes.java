package io.memos4j.server.memos;

import io.memos4j.api.MemCube;
import io.memos4j.api.MemoryException;
import io.memos4j.api.access.Permission;
import io.memos4j.api.items.Filter;
import io.memos4j.api.search.SearchHit;
import io.memos4j.api.search.SearchRequest;
import io.memos4j.server.facade.LenientTimeParser;
import io.memos4j.server.facade.MemoryLookup;
import io.memos4j.server.http.HttpExchange;
import io.memos4j.server.http.RequiredAccess;
import io.memos4j.server.http.Route;
import io.memos4j.server.http.RouteGroup;
import io.memos4j.server.memos.MemosMemoryTypes.Bucket;
import java.time.Duration;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

/** The route that searches, cube by cube and separately for each kind of memory. */
final class MemosSearchRoutes implements RouteGroup {
    private static final Duration DEADLINE = Duration.ofSeconds(5);

    /** Effectively unlimited: the counts limit what is returned, not a token budget. */
    private static final int ALL_TOKENS = 10_000_000;

    /** The number of additional hits to look through, so that other kinds do not crowd out texts. */
    private static final int OTHER_KINDS = 20;

    private static final double DEFAULT_RELATIVITY = 0.45;

    /**
     * The search of one cube.
     *
     * @param counts the maximum number of hits of each kind
     * @param relativity the minimum relativity of a hit
     */
    record SearchQuery(SearchRequest request, Filter filter, Map<Bucket, Integer> counts, double relativity) {}

    @Override
    public List<Route> routes() {
        return List.of(ProductProtocol.post("/search", RequiredAccess.READ, MemosSearchRoutes::search));
    }

    private static void search(HttpExchange exchange, MemosRequestForm form) {
        String query = form.text("query");
        String user = form.text(MemosInputContext.USER);
        List<String> names = MemosAddRoutes.cubes(form, "readable_cube_ids", user);
        String type = form.oneOf("search_memory_type", MemosMemoryTypes.ALL, MemosMemoryTypes.NAMES);
        double relativity = form.number("relativity", DEFAULT_RELATIVITY, 0);
        Map<Bucket, Integer> counts = counts(form);
        form.oneOf("mode", "fast", List.of("fast", "fine", "mixture"));
        form.throwIfInvalid();
        SearchRequest request = request(form, query);
        Map<String, Map<Bucket, List<SearchHit>>> found = new LinkedHashMap<>();
        for (String name : names) {
            Filter filter = form.object("filter")
                    .map(node -> MemosFilterParser.parse(node, name, names))
                    .orElse(Filter.ALL);
            Filter all = type.equals(MemosMemoryTypes.ALL) ? filter : Filter.and(filter, MemosMemoryTypes.filter(type));
            SearchQuery question = new SearchQuery(request, all, counts, relativity);
            found.put(
                    name,
                    MemoryLookup.findCube(exchange, name, Permission.READ)
                            .map(cube -> searchCube(cube, question))
                            .orElse(Map.of()));
        }
        form.throwIfInvalid();
        ProductProtocol.answer(exchange, "Search completed successfully", answer(exchange, found));
    }

    private static Map<Bucket, Integer> counts(MemosRequestForm form) {
        Map<Bucket, Integer> counts = new EnumMap<>(Bucket.class);
        counts.put(Bucket.TEXT, form.integer("top_k", 10, 1, SearchRequest.MAX_LIMIT - OTHER_KINDS));
        counts.put(Bucket.PREF, count(form, "include_preference", "pref_top_k", 6));
        counts.put(Bucket.TOOL, count(form, "search_tool_memory", "tool_mem_top_k", 6));
        counts.put(Bucket.SKILL, count(form, "include_skill_memory", "skill_mem_top_k", 3));
        return counts;
    }

    private static int count(MemosRequestForm form, String include, String field, int otherwise) {
        int count = form.integer(field, otherwise, 0, SearchRequest.MAX_LIMIT);
        return form.flag(include, true) ? count : 0;
    }

    private static SearchRequest request(MemosRequestForm form, String query) {
        Optional<ZoneId> zone = form.timeZone();
        SearchRequest request = request(query, form.text("session_id", ""), zone);
        return form.node("reference_time")
                .map(said -> LenientTimeParser.parse(said, zone.orElse(ZoneOffset.UTC))
                        .orElseThrow(() -> MemoryException.invalid("'reference_time' is not a time that can be read."
                                + " Write it like 2026-05-17T09:30:00Z.")))
                .map(time -> zone.map(request.at(time)::inZone).orElse(request.at(time)))
                .orElse(request);
    }

    static SearchRequest request(String query, String session, Optional<ZoneId> zone) {
        if (query.isBlank()) {
            throw MemoryException.invalid("The query is empty. Give a question, or list memories instead.");
        }
        SearchRequest request =
                SearchRequest.of(query).maxTokens(ALL_TOKENS).within(DEADLINE).in(session);
        return zone.map(request::inZone).orElse(request);
    }

    /** Finds the best hits of each kind. */
    static Map<Bucket, List<SearchHit>> searchCube(MemCube cube, SearchQuery question) {
        Map<Bucket, List<SearchHit>> found = new EnumMap<>(Bucket.class);
        question.counts.forEach((bucket, count) -> found.put(
                bucket,
                count == 0
                        ? List.of()
                        : hits(cube, question, bucket, count).stream()
                                .filter(hit -> bucket == Bucket.TOOL
                                        || bucket == Bucket.SKILL
                                        || RelativityScore.of(hit) >= question.relativity)
                                .toList()));
        return found;
    }

    private static List<SearchHit> hits(MemCube cube, SearchQuery question, Bucket bucket, int count) {
        SearchRequest request = question.request;
        if (bucket == Bucket.TEXT && question.filter.equals(Filter.ALL)) {
            // Without a filter the engine ranks whole conversations.
            List<SearchHit> all =
                    cube.search(request.limit(count + OTHER_KINDS)).hits();
            List<SearchHit> texts = all.stream()
                    .filter(hit -> Bucket.of(hit.item()) == Bucket.TEXT)
                    .limit(count)
                    .toList();
            if (texts.size() == count || all.size() < count + OTHER_KINDS) {
                return texts;
            }
        }
        return cube.search(request.limit(count).where(Filter.and(bucket.filter(), question.filter)))
                .hits();
    }

    private static Map<String, Object> answer(HttpExchange exchange, Map<String, Map<Bucket, List<SearchHit>>> found) {
        Map<String, Object> json = new LinkedHashMap<>();
        for (Bucket bucket : Bucket.values()) {
            List<Map<String, Object>> cubes = new ArrayList<>();
            found.forEach((name, hits) -> cubes.add(bucket(bucket, name, hits.getOrDefault(bucket, List.of()))));
            json.put(bucket.field(), cubes);
        }
        json.put("act_mem", List.of());
        json.put("para_mem", List.of());
        List<SearchHit> preferences = found.values().stream()
                .flatMap(hits -> hits.getOrDefault(Bucket.PREF, List.of()).stream())
                .toList();
        MemosPreferencePrompt rendered = MemosPreferencePrompt.of(preferences, exchange::forPrompts);
        json.put("pref_note", rendered.note());
        if (!preferences.isEmpty() && found.size() == 1) {
            json.put("pref_string", rendered.text());
        }
        return json;
    }

    private static Map<String, Object> bucket(Bucket bucket, String name, List<SearchHit> hits) {
        Map<String, Object> json = new LinkedHashMap<>();
        json.put("cube_id", name);
        json.put(
                "memories",
                hits.stream()
                        .map(hit -> MemosNodeJson.found(hit.item(), name, RelativityScore.of(hit)))
                        .collect(Collectors.toList()));
        if (bucket != Bucket.TEXT) {
            json.put("total_nodes", hits.size());
        }
        return json;
    }
}
