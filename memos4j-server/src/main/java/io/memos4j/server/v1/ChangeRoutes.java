package io.memos4j.server.v1;

import io.memos4j.api.ItemId;
import io.memos4j.api.Page;
import io.memos4j.api.history.ChangeId;
import io.memos4j.api.history.ChangeKind;
import io.memos4j.api.history.ChangeRecord;
import io.memos4j.api.history.ChangeRequest;
import io.memos4j.server.http.HttpExchange;
import io.memos4j.server.http.RequiredAccess;
import io.memos4j.server.http.Route;
import io.memos4j.server.http.RouteGroup;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Routes for the changes of memories: listing and undoing them. */
final class ChangeRoutes implements RouteGroup {
    private static final String ALL = "/v1/cubes/{cube}/changes";

    @Override
    public List<Route> routes() {
        return List.of(
                Route.get(ALL, RequiredAccess.READ, ChangeRoutes::list),
                Route.post(ALL + "/{change}/undo", RequiredAccess.WRITE, ChangeRoutes::undo));
    }

    private static void list(HttpExchange exchange) {
        Optional<ItemId> item = exchange.queryParameter("item").map(ItemId::parse);
        Set<ChangeKind> kinds = exchange.queryParameter("kind").stream()
                .flatMap(names -> Stream.of(names.split(",", -1)))
                .map(ChangeKind::parse)
                .collect(Collectors.toSet());
        Page<ChangeRecord> page = exchange.cube()
                .changes(new ChangeRequest(
                        exchange.queryInstant("since"),
                        item,
                        kinds,
                        exchange.queryParameter("limit", 100, 1, ChangeRequest.MAX_LIMIT),
                        exchange.queryParameter("cursor").orElse("")));
        MemoryRoutes.respondPage(
                exchange, "changes", page.items().stream().map(ChangeJson::of).toList(), page.next());
    }

    private static void undo(HttpExchange exchange) {
        ChangeId change = ChangeId.parse(exchange.pathParameter("change"));
        exchange.auditTarget(change.item().toString());
        exchange.ok(ApiJson.of(exchange).undone(exchange.cube().undo(change)));
    }
}
