package io.memos4j.server.v1;

import io.memos4j.api.ErrorCode;
import io.memos4j.api.ItemId;
import io.memos4j.api.MemCube;
import io.memos4j.api.MemoryException;
import io.memos4j.api.Page;
import io.memos4j.api.items.AddRequest;
import io.memos4j.api.items.AddResult;
import io.memos4j.api.items.Filter;
import io.memos4j.api.items.ItemEdit;
import io.memos4j.api.items.ItemState;
import io.memos4j.api.items.ListRequest;
import io.memos4j.api.items.MemoryItem;
import io.memos4j.api.items.Selection;
import io.memos4j.api.tasks.Task;
import io.memos4j.api.tasks.TaskQuery;
import io.memos4j.api.tasks.TaskState;
import io.memos4j.server.http.HttpExchange;
import io.memos4j.server.http.JsonBody;
import io.memos4j.server.http.RequiredAccess;
import io.memos4j.server.http.Route;
import io.memos4j.server.http.RouteGroup;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/** Routes that add, list, read, edit and delete memories. */
final class MemoryRoutes implements RouteGroup {
    private static final String ALL = "/v1/cubes/{cube}/memories";
    private static final String ONE = ALL + "/{id}";

    /** The longest that a request waits for background work. */
    private static final int LONGEST_WAIT_MS = 300_000;

    @Override
    public List<Route> routes() {
        return List.of(
                Route.post(ALL, RequiredAccess.WRITE, MemoryRoutes::add),
                Route.get(ALL, RequiredAccess.READ, MemoryRoutes::list),
                Route.get(ONE, RequiredAccess.READ, MemoryRoutes::get),
                Route.patch(ONE, RequiredAccess.WRITE, MemoryRoutes::update),
                Route.delete(ONE, RequiredAccess.WRITE, MemoryRoutes::delete),
                Route.get(ONE + "/history", RequiredAccess.READ, MemoryRoutes::history),
                Route.post(ONE + "/restore", RequiredAccess.WRITE, MemoryRoutes::restore),
                Route.post("/v1/cubes/{cube}/forget", RequiredAccess.WRITE, MemoryRoutes::forget));
    }

    /**
     * Adds memories. With {@code "mode": "sync"} the response waits until embedding and extraction are complete;
     * otherwise it lists the tasks that remain.
     */
    private static void add(HttpExchange exchange) {
        JsonBody body = exchange.body();
        AddRequest request = AddRequestParser.parse(body);
        boolean sync = sync(body.text("mode", "async"));
        Duration patience = Duration.ofMillis(body.integer("timeout_ms", 30_000, 1, LONGEST_WAIT_MS));
        body.rejectUnknownFields();
        MemCube cube = exchange.cubeForWriting(exchange.pathParameter("cube"));
        AddResult result = cube.add(AddRequestParser.withIdempotencyKey(exchange, request));
        Map<String, Object> json = ApiJson.added(result);
        if (sync) {
            json.put("complete", cube.awaitIdle(patience));
        }
        json.put("tasks", tasks(exchange, cube));
        exchange.respond(sync ? 200 : 202, json);
    }

    private static boolean sync(String mode) {
        return switch (mode.toLowerCase(Locale.ROOT)) {
            case "sync" -> true;
            case "async" -> false;
            default -> throw MemoryException.invalid("Field 'mode' must be sync or async, it is '" + mode + "'.");
        };
    }

    /** Lists the open tasks of a cube. */
    private static List<Map<String, Object>> tasks(HttpExchange exchange, MemCube cube) {
        List<Task> open = exchange.memos()
                .scheduler()
                .list(TaskQuery.ALL.of(cube.id()).in(TaskState.SCHEDULED, TaskState.READY, TaskState.RUNNING));
        return open.stream().map(ApiJson.of(exchange)::task).toList();
    }

    private static void list(HttpExchange exchange) {
        ListRequest request = ListRequest.first()
                .where(exchange.queryParameter("filter")
                        .map(text -> JsonFilterParser.parse(JsonBody.ofParameter("filter", text), "filter"))
                        .orElse(Filter.ALL))
                .sortedBy(sort(exchange.queryParameter("sort").orElse("inserted")))
                .limit(exchange.queryParameter("limit", 100, 1, ListRequest.MAX_LIMIT))
                .after(exchange.queryParameter("cursor").orElse(""));
        MemCube cube = exchange.cube();
        Page<MemoryItem> page = exchange.queryInstant("recorded_at")
                .map(at -> cube.time().recordedAt(at).list(request))
                .orElseGet(() -> cube.list(request));
        respondPage(
                exchange,
                "memories",
                page.items().stream().map(ApiJson.of(exchange)::item).toList(),
                page.next());
    }

    static void respondPage(HttpExchange exchange, String name, List<?> items, Optional<String> next) {
        Map<String, Object> json = new LinkedHashMap<>();
        json.put(name, items);
        next.ifPresent(cursor -> json.put("next", cursor));
        exchange.ok(json);
    }

    private static ListRequest.Sort sort(String name) {
        for (ListRequest.Sort sort : ListRequest.Sort.values()) {
            if (sort.name().equalsIgnoreCase(name)) {
                return sort;
            }
        }
        throw MemoryException.invalid(
                "Parameter 'sort' must be oldest, newest, inserted or updated, it is '" + name + "'.");
    }

    static MemoryItem requireItem(MemCube cube, ItemId id) {
        return cube.get(id)
                .orElseThrow(() -> new MemoryException(
                        ErrorCode.ITEM_NOT_FOUND,
                        "There is no memory " + id + " in this cube. It may have been deleted."));
    }

    static ItemId itemId(HttpExchange exchange) {
        ItemId id = ItemId.parse(exchange.pathParameter("id"));
        exchange.auditTarget(id.toString());
        return id;
    }

    private static void get(HttpExchange exchange) {
        MemoryItem item = requireItem(exchange.cube(), itemId(exchange));
        String tag = etag(item);
        exchange.header("ETag", tag);
        if (exchange.header("If-None-Match").filter(tag::equals).isPresent()) {
            exchange.context().status(304);
        } else {
            exchange.ok(ApiJson.of(exchange).item(item));
        }
    }

    private static String etag(MemoryItem item) {
        return "\"" + item.version() + "\"";
    }

    private static void update(HttpExchange exchange) {
        JsonBody body = exchange.body();
        ItemEdit edit = new ItemEdit(
                body.optionalText("text"),
                body.optionalText("title"),
                body.has("tags") ? Optional.of(Set.copyOf(body.texts("tags"))) : Optional.empty(),
                body.has("metadata") ? Optional.of(body.map("metadata")) : Optional.empty(),
                body.optionalText("state").map(ItemState::parse),
                body.instant("valid_to"),
                body.isSent("expires") && !body.has("expires") ? Optional.of(ItemEdit.NEVER) : body.instant("expires"),
                expectedVersion(exchange),
                AddRequestParser.sensitivity(body));
        body.rejectUnknownFields();
        MemoryItem updated = exchange.cube().update(itemId(exchange), edit);
        exchange.header("ETag", etag(updated));
        exchange.ok(ApiJson.of(exchange).item(updated));
    }

    /** Returns the version in the {@code If-Match} header. */
    private static Optional<Integer> expectedVersion(HttpExchange exchange) {
        return exchange.header("If-Match").filter(tag -> !tag.equals("*")).map(tag -> {
            try {
                return Integer.parseInt(tag.replace("\"", ""));
            } catch (NumberFormatException e) {
                throw MemoryException.invalid("If-Match must be the ETag of the memory, it is " + tag + ".");
            }
        });
    }

    private static void delete(HttpExchange exchange) {
        MemCube cube = exchange.cube();
        ItemId id = itemId(exchange);
        requireItem(cube, id);
        respondDeleted(exchange, cube, Selection.item(id));
    }

    private static void forget(HttpExchange exchange) {
        JsonBody body = exchange.body();
        Selection selection = selection(body);
        body.rejectUnknownFields();
        respondDeleted(exchange, exchange.cube(), selection);
    }

    /**
     * Parses a selection of memories by exactly one of {@code id}, {@code session}, {@code source} and {@code filter}.
     */
    static Selection selection(JsonBody body) {
        List<Selection> given = Stream.of(
                        body.optionalText("id").map(ItemId::parse).map(Selection::item),
                        body.optionalText("session").map(Selection::session),
                        body.optionalText("source").map(Selection::source),
                        body.node("filter").map(any -> Selection.matching(selectiveFilter(body))))
                .flatMap(Optional::stream)
                .toList();
        if (given.size() != 1) {
            throw MemoryException.invalid("Select memories by exactly one of 'id', 'session', 'source' and 'filter'.");
        }
        return given.getFirst();
    }

    /** Parses a filter that leaves something out, so that an empty one does not erase or move a whole cube. */
    private static Filter selectiveFilter(JsonBody body) {
        Filter filter = JsonFilterParser.parse(body, "filter");
        if (filter.matchesEverything()) {
            throw MemoryException.invalid("Field 'filter' selects every memory of the cube. Give a condition;"
                    + " DELETE /v1/cubes/{cube} deletes the whole cube.");
        }
        return filter;
    }

    static void respondDeleted(HttpExchange exchange, MemCube cube, Selection selection) {
        var result = cube.delete(selection);
        Map<String, Object> json = new LinkedHashMap<>();
        json.put("selected", ApiJson.ids(result.selected()));
        json.put("derived", ApiJson.ids(result.derived()));
        json.put("count", result.count());
        json.put("adapters", AdapterJson.ids(result.adapters()));
        exchange.ok(json);
    }

    private static void history(HttpExchange exchange) {
        MemCube cube = exchange.cube();
        ItemId id = itemId(exchange);
        requireItem(cube, id);
        exchange.ok(Map.of(
                "versions",
                cube.history(id).stream().map(ApiJson.of(exchange)::version).toList()));
    }

    private static void restore(HttpExchange exchange) {
        JsonBody body = exchange.body();
        int version = body.integer("version", 0, 1, Integer.MAX_VALUE);
        body.rejectUnknownFields();
        if (version == 0) {
            throw MemoryException.invalid("Field 'version' is missing. Give a version number from the history.");
        }
        exchange.ok(ApiJson.of(exchange).item(exchange.cube().restore(itemId(exchange), version)));
    }
}
