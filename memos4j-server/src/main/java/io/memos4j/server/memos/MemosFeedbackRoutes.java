package io.memos4j.server.memos;

import io.memos4j.api.ItemId;
import io.memos4j.api.MemCube;
import io.memos4j.api.MemoryException;
import io.memos4j.api.items.Feedback;
import io.memos4j.api.items.FeedbackResult;
import io.memos4j.api.items.ItemEdit;
import io.memos4j.api.items.MemoryInput;
import io.memos4j.api.items.MemoryItem;
import io.memos4j.api.items.Message;
import io.memos4j.api.items.Role;
import io.memos4j.server.http.HttpExchange;
import io.memos4j.server.http.RequiredAccess;
import io.memos4j.server.http.Route;
import io.memos4j.server.http.RouteGroup;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * The route that takes corrections in the user's own words. The engine finds the memories that they correct. Memories
 * named by the client count only if it names a single one, since not everything retrieved for an answer is wrong.
 */
final class MemosFeedbackRoutes implements RouteGroup {
    private static final String DONE = "Memory feedback successfully";

    @Override
    public List<Route> routes() {
        return List.of(ProductProtocol.post("/feedback", RequiredAccess.WRITE, MemosFeedbackRoutes::feedback));
    }

    private static void feedback(HttpExchange exchange, MemosRequestForm form) {
        String user = form.text(MemosInputContext.USER);
        String content = form.text("feedback_content");
        if (!form.isSent("history")) {
            form.addMissing("history");
        }
        List<String> retrieved = form.texts("retrieved_memory_ids").orElse(List.of());
        boolean sync =
                form.oneOf("async_mode", "async", List.of("async", "sync")).equals("sync");
        List<String> cubes = MemosAddRoutes.cubes(form, "writable_cube_ids", user);
        form.throwIfInvalid();
        exchange.requireWritable(cubes);
        List<Object> records = new ArrayList<>();
        for (String name : cubes) {
            records.add(applyCorrection(exchange.cubeForWriting(name), user, content, retrieved));
        }
        ProductProtocol.answer(exchange, DONE, sync ? records : List.of(List.of()));
    }

    /** Treats the user's last message as feedback; returns false if there is none. */
    static boolean tryFeedback(HttpExchange exchange, String user, Map<String, List<MemoryInput>> inputsByCube) {
        List<Object> records = new ArrayList<>();
        for (Map.Entry<String, List<MemoryInput>> each : inputsByCube.entrySet()) {
            Optional<String> said = each.getValue().reversed().stream()
                    .flatMap(input -> input instanceof Message message && message.role() == Role.USER
                            ? Stream.of(message.text())
                            : Stream.empty())
                    .findFirst();
            if (said.isEmpty()) {
                return false;
            }
            records.add(applyCorrection(exchange.cubeForWriting(each.getKey()), user, said.get(), List.of()));
        }
        ProductProtocol.answer(exchange, DONE, records);
        return true;
    }

    /** @param user the owner of the correction */
    static Map<String, Object> applyCorrection(MemCube cube, String user, String words, List<String> named) {
        ItemId[] wrong = named.size() == 1 ? existing(cube, named.getFirst()) : new ItemId[0];
        FeedbackResult result = cube.feedback(Feedback.correction(words, wrong));
        List<Map<String, Object>> added = new ArrayList<>();
        List<Map<String, Object>> updated = new ArrayList<>();
        result.stored().flatMap(cube::get).ifPresent(said -> {
            Map<String, Object> metadata = new LinkedHashMap<>(said.metadata());
            metadata.putIfAbsent(MemosInputContext.USER, user);
            MemoryItem stored = cube.update(said.id(), ItemEdit.NOTHING.metadata(metadata));
            added.add(entry(stored));
            result.changed().stream()
                    .flatMap(id -> cube.get(id).stream())
                    .forEach(former -> updated.add(replaced(stored, former)));
        });
        Map<String, Object> outcome = new LinkedHashMap<>();
        outcome.put("add", added);
        outcome.put("update", updated);
        Map<String, Object> json = new LinkedHashMap<>();
        json.put("answer", "");
        json.put("record", outcome);
        return json;
    }

    private static ItemId[] existing(MemCube cube, String id) {
        try {
            ItemId item = ItemId.parse(id);
            return cube.get(item).isPresent() ? new ItemId[] {item} : new ItemId[0];
        } catch (MemoryException e) {
            return new ItemId[0];
        }
    }

    private static Map<String, Object> entry(MemoryItem stored) {
        Map<String, Object> json = new LinkedHashMap<>();
        json.put("id", stored.id().toString());
        json.put("text", stored.text());
        json.put("source_doc_id", null);
        return json;
    }

    private static Map<String, Object> replaced(MemoryItem stored, MemoryItem former) {
        Map<String, Object> json = entry(stored);
        json.put("archived_id", former.id().toString());
        json.put("origin_memory", former.text());
        return json;
    }
}
