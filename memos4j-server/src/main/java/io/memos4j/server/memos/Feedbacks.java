package io.memos4j.server.memos;

import io.memos4j.api.Feedback;
import io.memos4j.api.FeedbackResult;
import io.memos4j.api.Input;
import io.memos4j.api.ItemEdit;
import io.memos4j.api.ItemId;
import io.memos4j.api.MemCube;
import io.memos4j.api.MemoryException;
import io.memos4j.api.MemoryItem;
import io.memos4j.api.Message;
import io.memos4j.api.Role;
import io.memos4j.server.http.Exchange;
import io.memos4j.server.http.Need;
import io.memos4j.server.http.Route;
import io.memos4j.server.http.Surface;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * Takes in corrections in the user's words. The engine finds what they correct; a memory that the client names counts only where it is a single
 * one, since what was retrieved for an answer is not all wrong.
 */
final class Feedbacks implements Surface {
    private static final String DONE = "Memory feedback successfully";

    @Override
    public List<Route> routes() {
        return List.of(Product.post("/feedback", Need.WRITE, Feedbacks::feedback));
    }

    private static void feedback(Exchange exchange, Form form) {
        String user = form.text(Telling.USER);
        String content = form.text("feedback_content");
        if (!form.sent("history")) {
            form.miss("history");
        }
        List<String> retrieved = form.texts("retrieved_memory_ids").orElse(List.of());
        boolean sync =
                form.word("async_mode", "async", List.of("async", "sync")).equals("sync");
        List<String> cubes = Adds.cubes(form, "writable_cube_ids", user);
        form.check();
        List<Object> records = new ArrayList<>();
        for (String name : cubes) {
            records.add(corrected(exchange.cubeToAddTo(name), user, content, retrieved));
        }
        Product.answer(exchange, DONE, sync ? records : List.of(List.of()));
    }

    /** Takes the last words of the user for feedback; whether that was possible. */
    static boolean answered(Exchange exchange, String user, Map<String, List<Input>> told) {
        List<Object> records = new ArrayList<>();
        for (Map.Entry<String, List<Input>> each : told.entrySet()) {
            Optional<String> said = each.getValue().reversed().stream()
                    .flatMap(input -> input instanceof Message message && message.role() == Role.USER
                            ? Stream.of(message.text())
                            : Stream.empty())
                    .findFirst();
            if (said.isEmpty()) {
                return false;
            }
            records.add(corrected(exchange.cubeToAddTo(each.getKey()), user, said.get(), List.of()));
        }
        Product.answer(exchange, DONE, records);
        return true;
    }

    /** @param user to whom the correction belongs */
    static Map<String, Object> corrected(MemCube cube, String user, String words, List<String> named) {
        ItemId[] wrong = named.size() == 1 ? existing(cube, named.getFirst()) : new ItemId[0];
        FeedbackResult result = cube.feedback(Feedback.correction(words, wrong));
        List<Map<String, Object>> added = new ArrayList<>();
        List<Map<String, Object>> updated = new ArrayList<>();
        result.stored().flatMap(cube::get).ifPresent(said -> {
            Map<String, Object> metadata = new LinkedHashMap<>(said.metadata());
            metadata.putIfAbsent(Telling.USER, user);
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
