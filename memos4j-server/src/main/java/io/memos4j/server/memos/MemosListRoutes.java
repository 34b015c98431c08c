package io.memos4j.server.memos;

import io.memos4j.api.MemCube;
import io.memos4j.api.access.Permission;
import io.memos4j.api.items.Filter;
import io.memos4j.api.search.SearchHit;
import io.memos4j.server.facade.MemoryLookup;
import io.memos4j.server.facade.MemoryLookup.Slice;
import io.memos4j.server.http.HttpExchange;
import io.memos4j.server.http.RequiredAccess;
import io.memos4j.server.http.Route;
import io.memos4j.server.http.RouteGroup;
import io.memos4j.server.memos.MemosMemoryTypes.Bucket;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** The routes that list memories: all, by page, by id. */
final class MemosListRoutes implements RouteGroup {
    private static final int DEFAULT_PAGE = 20;
    private static final int MOST_CUBES = 100;

    /** The number of nodes in a tree. */
    private static final int TREE = 200;

    private static final String RETRIEVED = "Memories retrieved successfully";

    @Override
    public List<Route> routes() {
        return List.of(
                ProductProtocol.post("/get_memory", RequiredAccess.READ, MemosListRoutes::list),
                ProductProtocol.get("/get_memory/{memory}", RequiredAccess.READ, MemosListRoutes::one),
                Route.post(
                        "/product/get_memory_by_ids",
                        RequiredAccess.READ,
                        ProductProtocol.validated(MemosListRoutes::several)),
                ProductProtocol.post("/get_memory_dashboard", RequiredAccess.READ, MemosListRoutes::dashboard),
                ProductProtocol.post("/get_all", RequiredAccess.READ, MemosListRoutes::tree));
    }

    /**
     * The page of each list to return; everything if the request names no page.
     *
     * @param filter the caller's filter
     */
    private record Pages(Filter filter, long from, long size) {
        static Pages of(MemosRequestForm form) {
            Filter filter = form.object("filter").map(MemosFilterParser::parse).orElse(Filter.ALL);
            int size = form.integer("page_size", DEFAULT_PAGE, 1, Integer.MAX_VALUE);
            int page = form.integer("page", 0, 1, Integer.MAX_VALUE);
            boolean all = page == 0 && !form.has("page_size");
            return all
                    ? new Pages(filter, 0, Integer.MAX_VALUE)
                    : new Pages(filter, (long) (Math.max(1, page) - 1) * size, size);
        }

        Slice of(MemCube cube, Bucket bucket) {
            return MemoryLookup.slice(cube, Filter.and(Filter.RECALLED, bucket.filter(), filter), from, size);
        }
    }

    private static List<Bucket> requestedBuckets(MemosRequestForm form) {
        List<Bucket> wanted = new ArrayList<>(List.of(Bucket.TEXT));
        if (form.flag("include_preference", true)) {
            wanted.add(Bucket.PREF);
        }
        if (form.flag("include_tool_memory", true)) {
            wanted.add(Bucket.TOOL);
        }
        if (form.flag("include_skill_memory", true)) {
            wanted.add(Bucket.SKILL);
        }
        return wanted;
    }

    private static void list(HttpExchange exchange, MemosRequestForm form) {
        String name = form.text("mem_cube_id");
        List<Bucket> wanted = requestedBuckets(form);
        Pages pages = Pages.of(form);
        form.throwIfInvalid();
        ProductProtocol.answer(exchange, RETRIEVED, lists(exchange, List.of(name), wanted, pages));
    }

    private static Map<String, Object> lists(
            HttpExchange exchange, List<String> names, List<Bucket> wanted, Pages pages) {
        Map<String, Object> json = new LinkedHashMap<>();
        for (Bucket bucket : Bucket.values()) {
            List<Map<String, Object>> cubes = new ArrayList<>();
            for (String name : wanted.contains(bucket) ? names : List.<String>of()) {
                Slice section = MemoryLookup.findCube(exchange, name, Permission.READ)
                        .map(cube -> pages.of(cube, bucket))
                        .orElse(new Slice(List.of(), 0));
                Map<String, Object> cube = new LinkedHashMap<>();
                cube.put("cube_id", name);
                cube.put(
                        "memories",
                        section.items().stream()
                                .map(item -> MemosNodeJson.node(item, name))
                                .toList());
                cube.put("total_nodes", section.total());
                cubes.add(cube);
            }
            json.put(bucket.field(), cubes);
        }
        return json;
    }

    private static void one(HttpExchange exchange, MemosRequestForm form) {
        String id = exchange.pathParameter("memory");
        Optional<Map<String, Object>> node = node(exchange, id);
        ProductProtocol.answer(
                exchange,
                node.isPresent() ? "Memory retrieved successfully" : "Memory with ID " + id + " not found",
                node.orElse(null));
    }

    private static Optional<Map<String, Object>> node(HttpExchange exchange, String id) {
        return MemoryLookup.findItem(exchange, id, Permission.READ)
                .map(held -> MemosNodeJson.node(
                        held.item(), exchange.cubeName(held.cube().id())));
    }

    private static void several(HttpExchange exchange) {
        List<Map<String, Object>> nodes = MemosRequestForm.texts(exchange).stream()
                .distinct()
                .flatMap(id -> node(exchange, id).stream())
                .toList();
        ProductProtocol.answer(exchange, RETRIEVED, Map.of("memories", nodes));
    }

    private static void dashboard(HttpExchange exchange, MemosRequestForm form) {
        Optional<String> cube = form.optionalText("mem_cube_id");
        List<Bucket> wanted = requestedBuckets(form);
        Pages pages = Pages.of(form);
        form.throwIfInvalid();
        List<String> names = cube.map(List::of)
                .orElseGet(() -> MemoryLookup.readableCubes(exchange, MOST_CUBES).stream()
                        .map(each -> exchange.cubeName(each.id()))
                        .toList());
        Map<String, Object> json = lists(exchange, names, wanted, pages);
        Map<String, Object> statistics = new LinkedHashMap<>();
        statistics.put("total_text_nodes", total(json, Bucket.TEXT));
        statistics.put("total_tool_nodes", total(json, Bucket.TOOL));
        statistics.put("total_skill_nodes", total(json, Bucket.SKILL));
        statistics.put("total_preference_nodes", total(json, Bucket.PREF));
        json.put("statistics", statistics);
        ProductProtocol.answer(exchange, RETRIEVED, json);
    }

    private static long total(Map<String, Object> lists, Bucket bucket) {
        return lists.get(bucket.field()) instanceof List<?> cubes
                ? cubes.stream()
                        .mapToLong(cube -> cube instanceof Map<?, ?> map && map.get("total_nodes") instanceof Long total
                                ? total
                                : 0)
                        .sum()
                : 0;
    }

    /** Lists memories as a tree for display, with all of them under one root. */
    private static void tree(HttpExchange exchange, MemosRequestForm form) {
        String user = form.text(MemosInputContext.USER);
        String type = form.oneOf("memory_type", "text_mem", List.of("text_mem", "act_mem", "param_mem", "para_mem"));
        if (!form.has("memory_type")) {
            form.addMissing("memory_type");
        }
        String name = form.texts("mem_cube_ids")
                .filter(names -> !names.isEmpty())
                .map(List::getFirst)
                .orElse(user);
        String query = form.text("search_query", "");
        form.throwIfInvalid();
        List<Map<String, Object>> nodes = type.equals("text_mem")
                ? MemoryLookup.findCube(exchange, name, Permission.READ)
                        .map(cube -> nodes(cube, name, query))
                        .orElse(List.of())
                : List.of();
        Map<String, Object> root = new LinkedHashMap<>();
        root.put("id", "root");
        root.put("node_name", "root");
        root.put("value", "root");
        root.put("children", nodes);
        Map<String, Object> graph = new LinkedHashMap<>();
        graph.put("nodes", nodes);
        graph.put("edges", List.of());
        graph.put("tree_structure", root);
        Map<String, Object> cube = new LinkedHashMap<>();
        cube.put("cube_id", name);
        cube.put("memories", List.of(graph));
        cube.put("memory_statistics", Map.of("total_nodes", nodes.size()));
        ProductProtocol.answer(exchange, RETRIEVED, List.of(cube));
    }

    private static List<Map<String, Object>> nodes(MemCube cube, String name, String query) {
        if (!query.isBlank()) {
            return cube
                    .search(MemosSearchRoutes.request(query, "", Optional.empty())
                            .limit(TREE))
                    .hits()
                    .stream()
                    .map(SearchHit::item)
                    .map(item -> MemosNodeJson.node(item, name))
                    .toList();
        }
        return MemoryLookup.slice(cube, Filter.RECALLED, 0, TREE).items().stream()
                .map(item -> MemosNodeJson.node(item, name))
                .toList();
    }
}
