package io.memos4j.server.memos;

import io.memos4j.api.Filter;
import io.memos4j.api.ItemEdit;
import io.memos4j.api.ItemState;
import io.memos4j.api.MemCube;
import io.memos4j.api.MemoryItem;
import io.memos4j.api.Permission;
import io.memos4j.api.Selection;
import io.memos4j.server.clients.Holdings;
import io.memos4j.server.http.Exchange;
import io.memos4j.server.http.Need;
import io.memos4j.server.http.Route;
import io.memos4j.server.http.Surface;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import tools.jackson.databind.JsonNode;

/** Forgets: for good and at once, with what was derived; or, under a record's id, until it is called back. */
final class Deletions implements Surface {
    private static final String ONE_MODE =
            "Exactly one delete mode must be provided: memory_ids, file_ids, or" + " filter/user_id/session_id.";

    @Override
    public List<Route> routes() {
        return List.of(
                Product.post("/delete_memory", Need.WRITE, Deletions::delete),
                Product.post("/delete_memory_by_record_id", Need.WRITE, Deletions::retire),
                Product.post("/recover_memory_by_record_id", Need.WRITE, Deletions::recover));
    }

    /** What is to go: exactly one of the ways to say it. */
    private record Order(
            List<String> cubes, List<String> ids, List<String> files, Optional<Filter> filter, Optional<String> user) {
        int modes() {
            return (ids.isEmpty() ? 0 : 1)
                    + (files.isEmpty() ? 0 : 1)
                    + (filter.isPresent() || user.isPresent() ? 1 : 0);
        }
    }

    private static void delete(Exchange exchange, Form form) {
        Optional<JsonNode> filter = form.object("filter");
        Order order = order(form, filter);
        form.check();
        if (order.modes() != 1) {
            failed(exchange, ONE_MODE);
        } else if (filter.filter(JsonNode::isEmpty).isPresent()) {
            failed(exchange, "An empty filter would delete everything. Say what to delete.");
        } else if (!order.ids.isEmpty()) {
            order.ids.stream().distinct().forEach(id -> forget(exchange, id, order.cubes));
            succeeded(exchange);
        } else if (order.cubes.isEmpty()) {
            failed(exchange, "Say from which cubes to delete: writable_cube_ids is missing.");
        } else {
            order.cubes.forEach(name ->
                    Holdings.cube(exchange, name, Permission.WRITE).ifPresent(cube -> forget(cube, name, order)));
            succeeded(exchange);
        }
    }

    private static Order order(Form form, Optional<JsonNode> filter) {
        Optional<String> session = form.find("session_id");
        Optional<String> conversation = form.find("conversation_id");
        if (session.isPresent() && conversation.isPresent() && !session.equals(conversation)) {
            form.violate("session_id and conversation_id must not differ");
        }
        Optional<String> user = form.find(Telling.USER);
        List<Filter> parts = Stream.of(
                        filter.map(Filters::of), session.or(() -> conversation).map(Filter::session))
                .flatMap(Optional::stream)
                .toList();
        List<String> cubes =
                form.texts("writable_cube_ids").or(() -> user.map(List::of)).orElse(List.of());
        return new Order(
                cubes,
                form.texts("memory_ids").orElse(List.of()),
                form.texts("file_ids").orElse(List.of()),
                parts.isEmpty() ? Optional.empty() : Optional.of(new Filter.And(parts)),
                user);
    }

    private static void forget(Exchange exchange, String id, List<String> cubes) {
        Holdings.find(exchange, id, Permission.WRITE)
                .filter(held -> cubes.isEmpty()
                        || cubes.contains(exchange.shown(held.cube().id())))
                .ifPresent(held -> held.cube().delete(Selection.item(held.item().id())));
    }

    private static void forget(MemCube cube, String name, Order order) {
        List<Filter> parts = new ArrayList<>();
        order.files.forEach(file -> parts.add(Filter.eq("source", file)));
        order.filter.ifPresent(parts::add);
        order.user.map(user -> of(user, name)).ifPresent(parts::add);
        cube.delete(Selection.matching(new Filter.And(parts)));
    }

    /** What belongs to a user: in a cube of their own also what names nobody, such as what was concluded from several memories. */
    private static Filter of(String user, String cube) {
        Filter named = Filter.metadata(Telling.USER, user);
        return cube.equals(user) ? Filter.or(named, Filter.not(Filter.exists(Filter.METADATA + Telling.USER))) : named;
    }

    private static void succeeded(Exchange exchange) {
        Product.answer(exchange, "Memories deleted successfully", Map.of("status", "success"));
    }

    private static void failed(Exchange exchange, String why) {
        Product.answer(exchange, why, Map.of("status", "failure"));
    }

    private static void retire(Exchange exchange, Form form) {
        String name = form.text("mem_cube_id");
        String record = form.text("record_id");
        boolean hard = form.flag("hard_delete", false);
        form.check();
        Holdings.cube(exchange, name, Permission.WRITE).ifPresent(cube -> {
            if (hard) {
                cube.delete(Selection.matching(Holdings.LIVE));
            } else {
                Holdings.all(cube, Filter.eq("state", ItemState.ACTIVATED.id()))
                        .forEach(item -> mark(cube, item, record));
            }
        });
        called(exchange);
    }

    private static void mark(MemCube cube, MemoryItem item, String record) {
        Map<String, Object> metadata = new LinkedHashMap<>(item.metadata());
        metadata.put(Telling.RECORD, record);
        metadata.put(Telling.RECORD_TIME, Instant.now().toString());
        cube.update(item.id(), ItemEdit.NOTHING.metadata(metadata).state(ItemState.ARCHIVED));
    }

    private static void recover(Exchange exchange, Form form) {
        String name = form.text("mem_cube_id");
        String record = form.text(Telling.RECORD);
        form.check();
        Holdings.cube(exchange, name, Permission.WRITE)
                .ifPresent(cube -> Holdings.all(cube, Filter.metadata(Telling.RECORD, record))
                        .forEach(item -> unmark(cube, item)));
        called(exchange);
    }

    private static void unmark(MemCube cube, MemoryItem item) {
        Map<String, Object> metadata = new LinkedHashMap<>(item.metadata());
        metadata.remove(Telling.RECORD);
        metadata.remove(Telling.RECORD_TIME);
        cube.update(item.id(), ItemEdit.NOTHING.metadata(metadata).state(ItemState.ACTIVATED));
    }

    private static void called(Exchange exchange) {
        Product.answer(exchange, "Called Successfully", Map.of("status", "success"));
    }
}
