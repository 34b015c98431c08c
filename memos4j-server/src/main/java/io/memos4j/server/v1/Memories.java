package io.memos4j.server.v1;

import io.memos4j.api.AddRequest;
import io.memos4j.api.AddResult;
import io.memos4j.api.ErrorCode;
import io.memos4j.api.ItemEdit;
import io.memos4j.api.ItemId;
import io.memos4j.api.ItemState;
import io.memos4j.api.ListRequest;
import io.memos4j.api.MemCube;
import io.memos4j.api.MemoryException;
import io.memos4j.api.MemoryItem;
import io.memos4j.api.Page;
import io.memos4j.api.Selection;
import io.memos4j.api.Task;
import io.memos4j.api.TaskQuery;
import io.memos4j.api.TaskState;
import io.memos4j.server.http.Body;
import io.memos4j.server.http.Exchange;
import io.memos4j.server.http.Need;
import io.memos4j.server.http.Route;
import io.memos4j.server.http.Surface;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/** What a cube remembers: add, read, change, forget. */
final class Memories implements Surface {
    private static final String ALL = "/v1/cubes/{cube}/memories";
    private static final String ONE = ALL + "/{id}";

    /** Longest that a call waits for background work. */
    private static final int LONGEST_WAIT_MS = 300_000;

    @Override
    public List<Route> routes() {
        return List.of(
                Route.post(ALL, Need.WRITE, Memories::add),
                Route.get(ALL, Need.READ, Memories::list),
                Route.get(ONE, Need.READ, Memories::get),
                Route.patch(ONE, Need.WRITE, Memories::update),
                Route.delete(ONE, Need.WRITE, Memories::delete),
                Route.get(ONE + "/history", Need.READ, Memories::history),
                Route.post(ONE + "/restore", Need.WRITE, Memories::restore),
                Route.post("/v1/cubes/{cube}/forget", Need.WRITE, Memories::forget));
    }

    private static Shapes shapes(Exchange exchange) {
        return new Shapes(exchange::shown);
    }

    /**
     * Adds. With {@code "mode": "sync"} the answer waits until what follows from the input, vectors and extraction, is done as well; else it
     * names the tasks that do it.
     */
    private static void add(Exchange exchange) {
        Body body = exchange.body();
        AddRequest request = Inputs.parse(body);
        boolean sync = sync(body.text("mode", "async"));
        Duration patience = Duration.ofMillis(body.integer("timeout_ms", 30_000, 1, LONGEST_WAIT_MS));
        body.done();
        AddRequest keyed = exchange.header("Idempotency-Key")
                .map(request::withIdempotencyKey)
                .orElse(request);
        MemCube cube = exchange.cubeToAddTo(exchange.path("cube"));
        AddResult result = cube.add(keyed);
        exchange.target(String.join(
                " ", result.ids().stream().limit(10).map(ItemId::toString).toList()));
        Map<String, Object> json = Shapes.added(result);
        if (sync) {
            json.put("complete", cube.awaitIdle(patience));
        }
        json.put("tasks", tasks(exchange, cube));
        exchange.answer(sync ? 200 : 202, json);
    }

    private static boolean sync(String mode) {
        return switch (mode.toLowerCase(Locale.ROOT)) {
            case "sync" -> true;
            case "async" -> false;
            default -> throw MemoryException.invalid("Field 'mode' must be sync or async, it is '" + mode + "'.");
        };
    }

    /** The work on this cube that is still to be done. */
    private static List<Map<String, Object>> tasks(Exchange exchange, MemCube cube) {
        List<Task> open = exchange.memos()
                .scheduler()
                .list(TaskQuery.ALL.of(cube.id()).in(TaskState.SCHEDULED, TaskState.READY, TaskState.RUNNING));
        return open.stream().map(shapes(exchange)::task).toList();
    }

    private static void list(Exchange exchange) {
        ListRequest request = ListRequest.first()
                .where(exchange.query("filter")
                        .map(text -> Filters.parse(Body.ofParameter("filter", text), "filter"))
                        .orElse(io.memos4j.api.Filter.ALL))
                .sortedBy(sort(exchange.query("sort").orElse("inserted")))
                .limit(exchange.query("limit", 100, 1, ListRequest.MAX_LIMIT))
                .after(exchange.query("cursor").orElse(""));
        MemCube cube = exchange.cube();
        Page<MemoryItem> page = exchange.queryInstant("recorded_at")
                .map(at -> cube.time().asOf(at).list(request))
                .orElseGet(() -> cube.list(request));
        page(
                exchange,
                "memories",
                page.items().stream().map(shapes(exchange)::item).toList(),
                page.next());
    }

    static void page(Exchange exchange, String name, List<?> items, Optional<String> next) {
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

    static MemoryItem existing(MemCube cube, ItemId id) {
        return cube.get(id)
                .orElseThrow(() -> new MemoryException(
                        ErrorCode.ITEM_NOT_FOUND,
                        "There is no memory " + id + " in this cube. It may have been forgotten."));
    }

    static ItemId id(Exchange exchange) {
        ItemId id = ItemId.parse(exchange.path("id"));
        exchange.target(id.toString());
        return id;
    }

    private static void get(Exchange exchange) {
        MemoryItem item = existing(exchange.cube(), id(exchange));
        String tag = tag(item);
        exchange.header("ETag", tag);
        if (exchange.header("If-None-Match").filter(tag::equals).isPresent()) {
            exchange.context().status(304);
        } else {
            exchange.ok(shapes(exchange).item(item));
        }
    }

    private static String tag(MemoryItem item) {
        return "\"" + item.version() + "\"";
    }

    private static void update(Exchange exchange) {
        Body body = exchange.body();
        ItemEdit edit = new ItemEdit(
                body.textIfGiven("text"),
                body.textIfGiven("title"),
                body.has("tags") ? Optional.of(Set.copyOf(body.texts("tags"))) : Optional.empty(),
                body.has("metadata") ? Optional.of(body.map("metadata")) : Optional.empty(),
                body.textIfGiven("state").map(ItemState::parse),
                body.instant("valid_to"),
                body.sent("expires") && !body.has("expires") ? Optional.of(ItemEdit.NEVER) : body.instant("expires"),
                expected(exchange));
        body.done();
        MemoryItem updated = exchange.cube().update(id(exchange), edit);
        exchange.header("ETag", tag(updated));
        exchange.ok(shapes(exchange).item(updated));
    }

    /** The version that the caller has seen. */
    private static Optional<Integer> expected(Exchange exchange) {
        return exchange.header("If-Match").filter(tag -> !tag.equals("*")).map(tag -> {
            try {
                return Integer.parseInt(tag.replace("\"", ""));
            } catch (NumberFormatException e) {
                throw MemoryException.invalid("If-Match must be the ETag of the memory, it is " + tag + ".");
            }
        });
    }

    private static void delete(Exchange exchange) {
        MemCube cube = exchange.cube();
        ItemId id = id(exchange);
        existing(cube, id);
        forgotten(exchange, cube, Selection.item(id));
    }

    private static void forget(Exchange exchange) {
        Body body = exchange.body();
        Selection selection = selection(body);
        body.done();
        forgotten(exchange, exchange.cube(), selection);
    }

    /** Memories by exactly one of {@code id}, {@code session}, {@code source} and {@code filter}. */
    static Selection selection(Body body) {
        List<Selection> given = Stream.of(
                        body.textIfGiven("id").map(ItemId::parse).map(Selection::item),
                        body.textIfGiven("session").map(Selection::session),
                        body.textIfGiven("source").map(Selection::source),
                        body.node("filter").map(any -> Selection.matching(Filters.parse(body, "filter"))))
                .flatMap(Optional::stream)
                .toList();
        if (given.size() != 1) {
            throw MemoryException.invalid(
                    "Say which memories by exactly one of 'id', 'session', 'source' and 'filter'.");
        }
        return given.getFirst();
    }

    static void forgotten(Exchange exchange, MemCube cube, Selection selection) {
        var result = cube.delete(selection);
        Map<String, Object> json = new LinkedHashMap<>();
        json.put("selected", Shapes.ids(result.selected()));
        json.put("derived", Shapes.ids(result.derived()));
        json.put("count", result.count());
        json.put("adapters", AdapterShapes.ids(result.adapters()));
        exchange.ok(json);
    }

    private static void history(Exchange exchange) {
        MemCube cube = exchange.cube();
        ItemId id = id(exchange);
        existing(cube, id);
        exchange.ok(Map.of(
                "versions",
                cube.history(id).stream().map(shapes(exchange)::version).toList()));
    }

    private static void restore(Exchange exchange) {
        Body body = exchange.body();
        int version = body.integer("version", 0, 1, Integer.MAX_VALUE);
        body.done();
        if (version == 0) {
            throw MemoryException.invalid("Field 'version' is missing. Give the number of a version in the history.");
        }
        exchange.ok(shapes(exchange).item(exchange.cube().restore(id(exchange), version)));
    }
}
