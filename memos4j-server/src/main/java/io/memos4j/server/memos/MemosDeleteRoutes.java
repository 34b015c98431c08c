package io.memos4j.server.memos;

import io.memos4j.api.MemCube;
import io.memos4j.api.access.Permission;
import io.memos4j.api.items.Filter;
import io.memos4j.api.items.ItemEdit;
import io.memos4j.api.items.ItemState;
import io.memos4j.api.items.MemoryItem;
import io.memos4j.api.items.Selection;
import io.memos4j.server.facade.MemoryLookup;
import io.memos4j.server.http.HttpExchange;
import io.memos4j.server.http.RequiredAccess;
import io.memos4j.server.http.Route;
import io.memos4j.server.http.RouteGroup;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import tools.jackson.databind.JsonNode;

/** The routes that delete memories: permanently, along with derived ones, or recoverably under a record id. */
final class MemosDeleteRoutes implements RouteGroup {
    private static final String ONE_MODE =
            "Exactly one delete mode must be provided: memory_ids, file_ids, or filter/user_id/session_id.";

    @Override
    public List<Route> routes() {
        return List.of(
                ProductProtocol.post("/delete_memory", RequiredAccess.WRITE, MemosDeleteRoutes::delete),
                ProductProtocol.post("/delete_memory_by_record_id", RequiredAccess.WRITE, MemosDeleteRoutes::retire),
                ProductProtocol.post("/recover_memory_by_record_id", RequiredAccess.WRITE, MemosDeleteRoutes::recover));
    }

    /** The memories to delete, given in exactly one of the possible ways. */
    private record DeleteRequest(
            List<String> cubes, List<String> ids, List<String> files, Optional<Filter> filter, Optional<String> user) {
        int modes() {
            return (ids.isEmpty() ? 0 : 1)
                    + (files.isEmpty() ? 0 : 1)
                    + (filter.isPresent() || user.isPresent() ? 1 : 0);
        }
    }

    private static void delete(HttpExchange exchange, MemosRequestForm form) {
        Optional<JsonNode> filter = form.object("filter");
        DeleteRequest order = order(form, filter);
        form.throwIfInvalid();
        if (order.modes() != 1) {
            respondFailure(exchange, ONE_MODE);
        } else if (filter.map(MemosFilterParser::parse)
                .filter(Filter::matchesEverything)
                .isPresent()) {
            respondFailure(exchange, "An empty filter would delete everything. Give a condition.");
        } else if (!order.ids.isEmpty()) {
            forget(exchange, order.ids, order.cubes);
            respondSuccess(exchange);
        } else if (order.cubes.isEmpty()) {
            respondFailure(exchange, "writable_cube_ids is missing. Name the cubes to delete from.");
        } else {
            order.cubes.forEach(name -> exchange.requirePermission(name, Permission.WRITE));
            order.cubes.forEach(name -> MemoryLookup.findCube(exchange, name, Permission.WRITE)
                    .ifPresent(cube -> forget(cube, name, order)));
            respondSuccess(exchange);
        }
    }

    private static DeleteRequest order(MemosRequestForm form, Optional<JsonNode> filter) {
        Optional<String> session = form.optionalText("session_id");
        Optional<String> conversation = form.optionalText("conversation_id");
        if (session.isPresent() && conversation.isPresent() && !session.equals(conversation)) {
            form.addViolation("session_id and conversation_id must not differ");
        }
        Optional<String> user = form.optionalText(MemosInputContext.USER);
        List<Filter> parts = Stream.of(
                        filter.map(MemosFilterParser::parse),
                        session.or(() -> conversation).map(Filter::session))
                .flatMap(Optional::stream)
                .toList();
        List<String> cubes =
                form.texts("writable_cube_ids").or(() -> user.map(List::of)).orElse(List.of());
        return new DeleteRequest(
                cubes,
                form.texts("memory_ids").orElse(List.of()),
                form.texts("file_ids").orElse(List.of()),
                parts.isEmpty() ? Optional.empty() : Optional.of(new Filter.And(parts)),
                user);
    }

    private static void forget(HttpExchange exchange, List<String> ids, List<String> cubes) {
        MemoryLookup.findItems(exchange, ids, Permission.WRITE).stream()
                .filter(held -> cubes.isEmpty()
                        || cubes.contains(exchange.cubeName(held.cube().id())))
                .forEach(held -> held.cube().delete(Selection.item(held.item().id())));
    }

    private static void forget(MemCube cube, String name, DeleteRequest order) {
        List<Filter> parts = new ArrayList<>();
        order.files.forEach(file -> parts.add(Filter.eq("source", file)));
        order.filter.ifPresent(parts::add);
        order.user.map(user -> of(user, name)).ifPresent(parts::add);
        cube.delete(Selection.matching(new Filter.And(parts)));
    }

    /**
     * Returns the filter for a user's memories. In the user's own cube they include those without a user, such as
     * derived ones.
     */
    private static Filter of(String user, String cube) {
        Filter named = Filter.metadata(MemosInputContext.USER, user);
        return cube.equals(user)
                ? Filter.or(named, Filter.not(Filter.exists(Filter.METADATA + MemosInputContext.USER)))
                : named;
    }

    private static void respondSuccess(HttpExchange exchange) {
        ProductProtocol.answer(exchange, "Memories deleted successfully", Map.of("status", "success"));
    }

    private static void respondFailure(HttpExchange exchange, String why) {
        ProductProtocol.answer(exchange, why, Map.of("status", "failure"));
    }

    private static void retire(HttpExchange exchange, MemosRequestForm form) {
        String name = form.text("mem_cube_id");
        String record = form.text("record_id");
        boolean hard = form.flag("hard_delete", false);
        form.throwIfInvalid();
        MemoryLookup.findCube(exchange, name, Permission.WRITE).ifPresent(cube -> {
            if (hard) {
                cube.delete(Selection.matching(Filter.RECALLED));
            } else {
                MemoryLookup.listAll(cube, Filter.eq("state", ItemState.ACTIVATED.id()))
                        .forEach(item -> mark(cube, item, record));
            }
        });
        respondCalled(exchange);
    }

    private static void mark(MemCube cube, MemoryItem item, String record) {
        Map<String, Object> metadata = new LinkedHashMap<>(item.metadata());
        metadata.put(MemosInputContext.RECORD, record);
        metadata.put(MemosInputContext.RECORD_TIME, Instant.now().toString());
        cube.update(item.id(), ItemEdit.NOTHING.metadata(metadata).state(ItemState.ARCHIVED));
    }

    private static void recover(HttpExchange exchange, MemosRequestForm form) {
        String name = form.text("mem_cube_id");
        String record = form.text(MemosInputContext.RECORD);
        form.throwIfInvalid();
        MemoryLookup.findCube(exchange, name, Permission.WRITE)
                .ifPresent(cube -> MemoryLookup.listAll(cube, Filter.metadata(MemosInputContext.RECORD, record))
                        .forEach(item -> unmark(cube, item)));
        respondCalled(exchange);
    }

    private static void unmark(MemCube cube, MemoryItem item) {
        Map<String, Object> metadata = new LinkedHashMap<>(item.metadata());
        metadata.remove(MemosInputContext.RECORD);
        metadata.remove(MemosInputContext.RECORD_TIME);
        cube.update(item.id(), ItemEdit.NOTHING.metadata(metadata).state(ItemState.ACTIVATED));
    }

    private static void respondCalled(HttpExchange exchange) {
        ProductProtocol.answer(exchange, "Called Successfully", Map.of("status", "success"));
    }
}
