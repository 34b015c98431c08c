package io.memos4j.server.memos;

import io.memos4j.api.ItemId;
import io.memos4j.api.MemCube;
import io.memos4j.api.MemoryException;
import io.memos4j.api.items.AddRequest;
import io.memos4j.api.items.Filter;
import io.memos4j.api.items.ItemType;
import io.memos4j.api.items.ListRequest;
import io.memos4j.api.items.MemoryInput;
import io.memos4j.api.items.MemoryItem;
import io.memos4j.server.facade.MemoryLookup;
import io.memos4j.server.http.HttpExchange;
import io.memos4j.server.http.RequiredAccess;
import io.memos4j.server.http.Route;
import io.memos4j.server.http.RouteGroup;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * The route that adds conversations. Messages are stored verbatim and are searchable at once, under stable ids. A
 * synchronous request also waits for extraction and lists the extracted memories.
 */
final class MemosAddRoutes implements RouteGroup {
    /** The longest that a synchronous request waits for embedding and extraction. */
    private static final Duration TIMEOUT = Duration.ofSeconds(60);

    @Override
    public List<Route> routes() {
        return List.of(ProductProtocol.post("/add", RequiredAccess.WRITE, MemosAddRoutes::add));
    }

    private static void add(HttpExchange exchange, MemosRequestForm form) {
        String user = form.text(MemosInputContext.USER);
        List<String> cubes = cubes(form, "writable_cube_ids", user);
        boolean sync =
                form.oneOf("async_mode", "async", List.of("async", "sync")).equals("sync");
        boolean fine = !form.has("mode")
                || form.oneOf("mode", "fine", List.of("fast", "fine")).equals("fine");
        boolean feedback = form.flag("is_feedback", false);
        MemosInputContext context =
                MemosInputContext.of(form, user, form.text("session_id", MemosInputContext.DEFAULT_SESSION));
        Map<String, List<MemoryInput>> inputsByCube = new LinkedHashMap<>();
        cubes.forEach(cube -> inputsByCube.put(cube, inputs(form, context, !cube.equals(user))));
        rejectFiles(form);
        form.throwIfInvalid();
        exchange.requireWritable(inputsByCube.keySet());
        if (feedback && MemosFeedbackRoutes.tryFeedback(exchange, user, inputsByCube)) {
            return;
        }
        List<Map<String, Object>> added = new ArrayList<>();
        inputsByCube.forEach((name, inputs) -> {
            for (MemoryItem item : addAndList(exchange.cubeForWriting(name), inputs, sync && fine)) {
                added.add(entry(item, name));
            }
        });
        ProductProtocol.answer(exchange, "Memory added successfully", added);
    }

    /** Returns the cubes of a request: those it names, else the one in the legacy field, else the user's. */
    static List<String> cubes(MemosRequestForm form, String field, String user) {
        Optional<List<String>> named = form.texts(field).filter(names -> !names.isEmpty());
        return named.or(() -> form.optionalText("mem_cube_id").map(List::of)).orElse(List.of(user)).stream()
                .distinct()
                .toList();
    }

    private static List<MemoryInput> inputs(MemosRequestForm form, MemosInputContext context, boolean named) {
        MemosMessageParser turns = new MemosMessageParser(context, named).parse(form, "messages");
        form.optionalText("memory_content").ifPresent(turns::text);
        return turns.inputs();
    }

    private static void rejectFiles(MemosRequestForm form) {
        if (form.has("doc_path")) {
            throw MemosMessageParser.filesRejected();
        }
        if (form.flag("is_upload_skill", false)) {
            throw MemoryException.invalid(
                    "This server does not fetch skills from URLs. Add their content as messages.");
        }
    }

    /** Adds inputs and lists the resulting memories; with {@code wait}, extracted ones too. */
    static List<MemoryItem> addAndList(MemCube cube, List<MemoryInput> inputs, boolean wait) {
        if (inputs.isEmpty()) {
            return List.of();
        }
        Set<ItemId> ids = new LinkedHashSet<>(cube.add(AddRequest.of(inputs)).ids());
        List<MemoryItem> items = new ArrayList<>(items(cube, Filter.in("id", texts(ids))));
        if (wait) {
            cube.awaitIdle(TIMEOUT);
            items.addAll(items(
                    cube,
                    Filter.and(
                            Filter.in("source", texts(ids)),
                            Filter.not(Filter.in("type", List.of(ItemType.SUMMARY.id(), ItemType.PROFILE.id()))))));
        }
        Set<ItemId> seen = new LinkedHashSet<>();
        return items.stream()
                .filter(item -> item.type() != ItemType.DOCUMENT && seen.add(item.id()))
                .toList();
    }

    private static List<String> texts(Set<ItemId> ids) {
        return ids.stream().map(ItemId::toString).collect(Collectors.toList());
    }

    private static List<MemoryItem> items(MemCube cube, Filter filter) {
        List<MemoryItem> items = new ArrayList<>();
        MemoryLookup.forEach(cube, ListRequest.first().where(filter), items::add);
        return items;
    }

    private static Map<String, Object> entry(MemoryItem item, String cube) {
        Map<String, Object> json = new LinkedHashMap<>();
        json.put("memory", item.text());
        json.put("memory_id", item.id().toString());
        json.put("memory_type", MemosMemoryTypes.of(item));
        json.put("cube_id", cube);
        return json;
    }
}
