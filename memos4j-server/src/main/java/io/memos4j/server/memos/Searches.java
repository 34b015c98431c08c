package io.memos4j.server.memos;

import io.memos4j.api.Filter;
import io.memos4j.api.MemCube;
import io.memos4j.api.MemoryException;
import io.memos4j.api.Permission;
import io.memos4j.api.SearchHit;
import io.memos4j.api.SearchRequest;
import io.memos4j.server.clients.FreeTime;
import io.memos4j.server.clients.Holdings;
import io.memos4j.server.http.Exchange;
import io.memos4j.server.http.Need;
import io.memos4j.server.http.Route;
import io.memos4j.server.http.Surface;
import io.memos4j.server.memos.Kinds.Bucket;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/** Searches cube by cube, and in each for every kind of memory by itself. */
final class Searches implements Surface {
    private static final Duration DEADLINE = Duration.ofSeconds(5);

    /** The counts say what is returned, not a budget of tokens. */
    private static final int ALL_TOKENS = 10_000_000;

    /** How many hits more than asked for are looked through, so that those of other kinds do not crowd the texts out. */
    private static final int OTHER_KINDS = 20;

    private static final double DEFAULT_RELATIVITY = 0.45;

    /**
     * What is asked of one cube.
     *
     * @param counts how many of each kind
     * @param relativity hits below are left out
     */
    record Question(SearchRequest request, Filter filter, Map<Bucket, Integer> counts, double relativity) {}

    @Override
    public List<Route> routes() {
        return List.of(Product.post("/search", Need.READ, Searches::search));
    }

    private static void search(Exchange exchange, Form form) {
        String query = form.text("query");
        String user = form.text(Telling.USER);
        List<String> names = Adds.cubes(form, "readable_cube_ids", user);
        String type = form.word("search_memory_type", Kinds.ALL, Kinds.NAMES);
        double relativity = form.number("relativity", DEFAULT_RELATIVITY, 0);
        Map<Bucket, Integer> counts = counts(form);
        form.word("mode", "fast", List.of("fast", "fine", "mixture"));
        form.check();
        SearchRequest request = request(form, query);
        Map<String, Map<Bucket, List<SearchHit>>> found = new LinkedHashMap<>();
        for (String name : names) {
            Filter filter = form.object("filter")
                    .map(node -> Filters.of(node, name, names))
                    .orElse(Filter.ALL);
            Filter all = type.equals(Kinds.ALL) ? filter : Filter.and(filter, Kinds.filter(type));
            Question question = new Question(request, all, counts, relativity);
            found.put(
                    name,
                    Holdings.cube(exchange, name, Permission.READ)
                            .map(cube -> ask(cube, question))
                            .orElse(Map.of()));
        }
        form.check();
        Product.answer(exchange, "Search completed successfully", answer(found));
    }

    private static Map<Bucket, Integer> counts(Form form) {
        Map<Bucket, Integer> counts = new EnumMap<>(Bucket.class);
        counts.put(Bucket.TEXT, form.integer("top_k", 10, 1, SearchRequest.MAX_LIMIT - OTHER_KINDS));
        counts.put(Bucket.PREF, count(form, "include_preference", "pref_top_k", 6));
        counts.put(Bucket.TOOL, count(form, "search_tool_memory", "tool_mem_top_k", 6));
        counts.put(Bucket.SKILL, count(form, "include_skill_memory", "skill_mem_top_k", 3));
        return counts;
    }

    private static int count(Form form, String include, String field, int otherwise) {
        int count = form.integer(field, otherwise, 0, SearchRequest.MAX_LIMIT);
        return form.flag(include, true) ? count : 0;
    }

    private static SearchRequest request(Form form, String query) {
        SearchRequest request = request(query, form.text("session_id", ""));
        return form.node("reference_time")
                .map(said -> FreeTime.of(said)
                        .orElseThrow(() -> MemoryException.invalid("'reference_time' is not a time that can be read."
                                + " Write it like 2026-05-17T09:30:00Z.")))
                .map(request::at)
                .orElse(request);
    }

    static SearchRequest request(String query, String session) {
        if (query.isBlank()) {
            throw MemoryException.invalid("The query is empty. Ask something, or list memories instead.");
        }
        return SearchRequest.of(query).maxTokens(ALL_TOKENS).within(DEADLINE).in(session);
    }

    /** The best hits of each kind. */
    static Map<Bucket, List<SearchHit>> ask(MemCube cube, Question question) {
        Map<Bucket, List<SearchHit>> found = new EnumMap<>(Bucket.class);
        question.counts.forEach((bucket, count) -> found.put(
                bucket,
                count == 0
                        ? List.of()
                        : hits(cube, question, bucket, count).stream()
                                .filter(hit -> bucket == Bucket.TOOL
                                        || bucket == Bucket.SKILL
                                        || Relativity.of(hit) >= question.relativity)
                                .toList()));
        return found;
    }

    private static List<SearchHit> hits(MemCube cube, Question question, Bucket bucket, int count) {
        SearchRequest request = question.request;
        if (bucket == Bucket.TEXT && question.filter.equals(Filter.ALL)) {
            // Without a filter the engine weighs whole conversations.
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

    private static Map<String, Object> answer(Map<String, Map<Bucket, List<SearchHit>>> found) {
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
        Preferences rendered = Preferences.of(preferences);
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
                        .map(hit -> Nodes.found(hit.item(), name, Relativity.of(hit)))
                        .collect(Collectors.toList()));
        if (bucket != Bucket.TEXT) {
            json.put("total_nodes", hits.size());
        }
        return json;
    }
}
