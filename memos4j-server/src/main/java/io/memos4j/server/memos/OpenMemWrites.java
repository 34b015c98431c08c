package io.memos4j.server.memos;

import io.memos4j.api.ErrorCode;
import io.memos4j.api.MemCube;
import io.memos4j.api.MemoryException;
import io.memos4j.api.access.Permission;
import io.memos4j.api.items.Filter;
import io.memos4j.api.items.ItemEdit;
import io.memos4j.api.items.ItemState;
import io.memos4j.api.items.MemoryInput;
import io.memos4j.api.items.Selection;
import io.memos4j.server.facade.AddProgress;
import io.memos4j.server.facade.ClientMetadata;
import io.memos4j.server.facade.MemoryLookup;
import io.memos4j.server.facade.MemoryOwner;
import io.memos4j.server.http.HttpExchange;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;

/** The requests of the MemOS cloud API that change memories. */
final class OpenMemWrites {
    private OpenMemWrites() {}

    static void add(HttpExchange exchange, MemosRequestForm form) {
        List<MemoryOwner> owners = OpenMemProtocol.owners(form);
        if (owners.isEmpty()) {
            form.addMissing(MemosInputContext.USER);
        }
        boolean async = form.flag("async_mode", true);
        String task = UUID.randomUUID().toString();
        Map<String, List<MemoryInput>> inputsByCube = new LinkedHashMap<>();
        owners.forEach(owner -> inputsByCube.put(
                owner.cubeName(exchange),
                new MemosMessageParser(context(form, owner, task), false)
                        .parse(form, "messages")
                        .inputs()));
        if (!form.has("messages")) {
            form.addMissing("messages");
        }
        form.throwIfInvalid();
        exchange.requireWritable(inputsByCube.keySet());
        inputsByCube.forEach(
                (cube, inputs) -> MemosAddRoutes.addAndList(exchange.cubeForWriting(cube), inputs, !async));
        boolean complete = AddProgress.find(exchange, task, List.copyOf(inputsByCube.keySet()))
                .map(progress -> progress == AddProgress.COMPLETED)
                .orElse(true);
        OpenMemProtocol.ok(exchange, accepted(task, complete));
    }

    private static MemosInputContext context(MemosRequestForm form, MemoryOwner owner, String task) {
        Map<String, Object> values = new LinkedHashMap<>();
        form.object("info").ifPresent(info -> values.putAll(ClientMetadata.parse(info, MemosInputContext.OWNED)));
        for (String field : List.of("source", OpenMemProtocol.AGENT, OpenMemProtocol.APP)) {
            form.optionalText(field).ifPresent(value -> values.put(field, value));
        }
        values.put(AddProgress.KEY, task);
        String session = form.text(OpenMemProtocol.CONVERSATION, MemosInputContext.DEFAULT_SESSION);
        return MemosInputContext.of(
                        values,
                        owner.id(),
                        session,
                        form.texts(MemosInputContext.TAGS).orElse(List.of()))
                .in(form.timeZone());
    }

    private static Map<String, Object> accepted(String task, boolean complete) {
        Map<String, Object> json = new LinkedHashMap<>();
        json.put("success", true);
        json.put(AddProgress.KEY, task);
        json.put("status", complete ? "completed" : "running");
        return json;
    }

    static void feedback(HttpExchange exchange, MemosRequestForm form) {
        String content = form.text("feedback_content");
        MemoryOwner owner = OpenMemProtocol.owner(form);
        MemosFeedbackRoutes.applyCorrection(
                exchange.cubeForWriting(owner.cubeName(exchange)), owner.id(), content, List.of());
        OpenMemProtocol.ok(exchange, accepted(UUID.randomUUID().toString(), true));
    }

    static void status(HttpExchange exchange, MemosRequestForm form) {
        String task = form.text(AddProgress.KEY);
        form.throwIfInvalid();
        AddProgress progress = AddProgress.find(exchange, task, List.of())
                .orElseThrow(() -> new MemoryException(ErrorCode.TASK_NOT_FOUND, "There is no task " + task + "."));
        Map<String, Object> json = new LinkedHashMap<>();
        json.put(AddProgress.KEY, task);
        json.put(
                "status",
                switch (progress) {
                    case WAITING, RUNNING -> "running";
                    case COMPLETED -> "completed";
                    case FAILED -> "failed";
                });
        json.put("memory_views", Map.of());
        OpenMemProtocol.ok(exchange, json);
    }

    static void update(HttpExchange exchange, MemosRequestForm form) {
        String id = form.text("memory_id");
        ItemEdit edit = new ItemEdit(
                form.optionalText("content"),
                form.optionalText("title"),
                Optional.empty(),
                Optional.empty(),
                form.optionalText("status").map(OpenMemWrites::state),
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                Optional.empty());
        form.throwIfInvalid();
        MemoryLookup.LocatedItem held = OpenMemProtocol.requireMemory(exchange, id, Permission.WRITE);
        OpenMemProtocol.ok(
                exchange, OpenMemProtocol.detail(held.cube().update(held.item().id(), edit), Optional.empty()));
    }

    private static ItemState state(String status) {
        return switch (status) {
            case "activated" -> ItemState.ACTIVATED;
            case "archived", "deleted" -> ItemState.ARCHIVED;
            default ->
                throw MemoryException.invalid("'status' must be activated, archived or deleted, not '" + status + "'.");
        };
    }

    /**
     * Deletes memories by ids, those of owners, or by a filter. A filter names no cube, so that it only reaches the
     * caller's own space.
     */
    static void delete(HttpExchange exchange, MemosRequestForm form) {
        List<String> ids = form.texts("memory_ids").orElse(List.of());
        List<MemoryOwner> owners = OpenMemProtocol.owners(form);
        Optional<Filter> filter =
                form.object("filter").filter(node -> !node.isEmpty()).map(MemosFilterParser::parse);
        Filter type =
                form.optionalText("memory_type").map(MemosMemoryTypes::filter).orElse(Filter.ALL);
        form.throwIfInvalid();
        if ((ids.isEmpty() ? 0 : 1) + (owners.isEmpty() ? 0 : 1) + (filter.isPresent() ? 1 : 0) != 1) {
            throw MemoryException.invalid(
                    "Give exactly one of memory_ids, user_id, agent_id and filter to select what to delete.");
        }
        if (filter.filter(Filter::matchesEverything).isPresent()) {
            throw MemoryException.invalid("This filter would delete everything. Give a condition, or a user_id.");
        }
        MemoryLookup.findItems(exchange, ids, Permission.WRITE)
                .forEach(held -> held.cube().delete(Selection.item(held.item().id())));
        List<MemCube> cubes = owners.stream()
                .flatMap(owner -> MemoryLookup.findCube(exchange, owner.cubeName(exchange), Permission.WRITE).stream())
                .toList();
        cubes.forEach(cube -> cube.delete(Selection.matching(type)));
        filter.ifPresent(chosen -> MemoryLookup.ownCubes(exchange)
                .forEach(cube -> cube.delete(Selection.matching(Filter.and(chosen, type)))));
        OpenMemProtocol.ok(exchange, Map.of("success", true));
    }
}
