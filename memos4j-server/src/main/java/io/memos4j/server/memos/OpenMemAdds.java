package io.memos4j.server.memos;

import io.memos4j.api.ErrorCode;
import io.memos4j.api.Filter;
import io.memos4j.api.Input;
import io.memos4j.api.ItemEdit;
import io.memos4j.api.ItemState;
import io.memos4j.api.MemoryException;
import io.memos4j.api.Permission;
import io.memos4j.api.Selection;
import io.memos4j.server.clients.Holdings;
import io.memos4j.server.clients.Owner;
import io.memos4j.server.clients.Progress;
import io.memos4j.server.clients.Values;
import io.memos4j.server.http.Exchange;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;

/** The calls of the MemOS cloud that change memories. */
final class OpenMemAdds {
    private static final int MOST_CUBES = 1_000;

    private OpenMemAdds() {}

    static void add(Exchange exchange, Form form) {
        List<Owner> owners = OpenMem.owners(form);
        if (owners.isEmpty()) {
            form.miss(Telling.USER);
        }
        boolean async = form.flag("async_mode", true);
        String task = UUID.randomUUID().toString();
        Map<String, List<Input>> told = new LinkedHashMap<>();
        owners.forEach(owner -> told.put(
                owner.cube(),
                new Turns(telling(form, owner, task), false)
                        .read(form, "messages")
                        .inputs()));
        if (!form.has("messages")) {
            form.miss("messages");
        }
        form.check();
        told.forEach((cube, inputs) -> Adds.remember(exchange.cubeToAddTo(cube), inputs, !async));
        boolean complete = Progress.of(exchange, task, List.copyOf(told.keySet()))
                .map(progress -> progress == Progress.COMPLETED)
                .orElse(true);
        OpenMem.ok(exchange, accepted(task, complete));
    }

    private static Telling telling(Form form, Owner owner, String task) {
        Map<String, Object> values = new LinkedHashMap<>();
        form.object("info").ifPresent(info -> values.putAll(Values.of(info, Telling.OWNED)));
        for (String field : List.of("source", OpenMem.AGENT, OpenMem.APP)) {
            form.find(field).ifPresent(value -> values.put(field, value));
        }
        values.put(Progress.KEY, task);
        String session = form.text(OpenMem.CONVERSATION, Telling.DEFAULT_SESSION);
        return Telling.of(values, owner.id(), session, form.texts(Telling.TAGS).orElse(List.of()));
    }

    private static Map<String, Object> accepted(String task, boolean complete) {
        Map<String, Object> json = new LinkedHashMap<>();
        json.put("success", true);
        json.put(Progress.KEY, task);
        json.put("status", complete ? "completed" : "running");
        return json;
    }

    static void feedback(Exchange exchange, Form form) {
        String content = form.text("feedback_content");
        Owner owner = OpenMem.owner(form);
        Feedbacks.corrected(exchange.cubeToAddTo(owner.cube()), owner.id(), content, List.of());
        OpenMem.ok(exchange, accepted(UUID.randomUUID().toString(), true));
    }

    static void status(Exchange exchange, Form form) {
        String task = form.text(Progress.KEY);
        form.check();
        Progress progress = Progress.of(exchange, task, List.of())
                .orElseThrow(() -> new MemoryException(ErrorCode.TASK_NOT_FOUND, "There is no task " + task + "."));
        Map<String, Object> json = new LinkedHashMap<>();
        json.put(Progress.KEY, task);
        json.put(
                "status",
                switch (progress) {
                    case WAITING, RUNNING -> "running";
                    case COMPLETED -> "completed";
                    case FAILED -> "failed";
                });
        json.put("memory_views", Map.of());
        OpenMem.ok(exchange, json);
    }

    static void update(Exchange exchange, Form form) {
        String id = form.text("memory_id");
        ItemEdit edit = new ItemEdit(
                form.find("content"),
                form.find("title"),
                Optional.empty(),
                Optional.empty(),
                form.find("status").map(OpenMemAdds::state),
                Optional.empty(),
                Optional.empty(),
                Optional.empty());
        form.check();
        Holdings.Held held = OpenMem.held(exchange, id, Permission.WRITE);
        OpenMem.ok(exchange, OpenMem.detail(held.cube().update(held.item().id(), edit), Optional.empty()));
    }

    private static ItemState state(String status) {
        return switch (status) {
            case "activated" -> ItemState.ACTIVATED;
            case "archived", "deleted" -> ItemState.ARCHIVED;
            default ->
                throw MemoryException.invalid("'status' is activated, archived or deleted, not '" + status + "'.");
        };
    }

    static void delete(Exchange exchange, Form form) {
        List<String> ids = form.texts("memory_ids").orElse(List.of());
        List<Owner> owners = OpenMem.owners(form);
        Optional<Filter> filter =
                form.object("filter").filter(node -> !node.isEmpty()).map(Filters::of);
        Filter type = form.find("memory_type").map(Kinds::filter).orElse(Filter.ALL);
        form.check();
        if ((ids.isEmpty() ? 0 : 1) + (owners.isEmpty() ? 0 : 1) + (filter.isPresent() ? 1 : 0) != 1) {
            throw MemoryException.invalid(
                    "Say what to delete by exactly one of memory_ids, user_id, agent_id and filter.");
        }
        ids.stream()
                .distinct()
                .flatMap(id -> Holdings.find(exchange, id, Permission.WRITE).stream())
                .forEach(held -> held.cube().delete(Selection.item(held.item().id())));
        owners.forEach(owner -> Holdings.cube(exchange, owner.cube(), Permission.WRITE)
                .ifPresent(cube -> cube.delete(Selection.matching(type))));
        filter.ifPresent(chosen -> Holdings.cubes(exchange, MOST_CUBES).stream()
                .filter(cube -> exchange.permission(cube.id())
                        .filter(held -> held.includes(Permission.WRITE))
                        .isPresent())
                .forEach(cube -> cube.delete(Selection.matching(Filter.and(chosen, type)))));
        OpenMem.ok(exchange, Map.of("success", true));
    }
}
