package io.memos4j.server.memos;

import io.memos4j.api.AddRequest;
import io.memos4j.api.Filter;
import io.memos4j.api.Input;
import io.memos4j.api.ItemId;
import io.memos4j.api.ItemType;
import io.memos4j.api.ListRequest;
import io.memos4j.api.MemCube;
import io.memos4j.api.MemoryException;
import io.memos4j.api.MemoryItem;
import io.memos4j.api.Page;
import io.memos4j.server.http.Exchange;
import io.memos4j.server.http.Need;
import io.memos4j.server.http.Route;
import io.memos4j.server.http.Surface;
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
 * Takes in dialogues. What is said is kept word for word and found at once, under ids that stay; a synchronous call waits for what a language
 * model makes of it, and lists that too.
 */
final class Adds implements Surface {
    /** Longest that a synchronous call waits for vectors and extraction. */
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    @Override
    public List<Route> routes() {
        return List.of(Product.post("/add", Need.WRITE, Adds::add));
    }

    private static void add(Exchange exchange, Form form) {
        String user = form.text(Telling.USER);
        List<String> cubes = cubes(form, "writable_cube_ids", user);
        boolean sync =
                form.word("async_mode", "async", List.of("async", "sync")).equals("sync");
        boolean fine = !form.has("mode")
                || form.word("mode", "fine", List.of("fast", "fine")).equals("fine");
        boolean feedback = form.flag("is_feedback", false);
        Telling telling = Telling.of(form, user, form.text("session_id", Telling.DEFAULT_SESSION));
        Map<String, List<Input>> told = new LinkedHashMap<>();
        cubes.forEach(cube -> told.put(cube, inputs(form, telling, !cube.equals(user))));
        refuseFiles(form);
        form.check();
        if (feedback && Feedbacks.answered(exchange, user, told)) {
            return;
        }
        List<Map<String, Object>> added = new ArrayList<>();
        told.forEach((name, inputs) -> {
            for (MemoryItem item : remember(exchange.cubeToAddTo(name), inputs, sync && fine)) {
                added.add(entry(item, name));
            }
        });
        Product.answer(exchange, "Memory added successfully", added);
    }

    /** The cubes of a call: those it names, or the one with the old name, or the user's. */
    static List<String> cubes(Form form, String field, String user) {
        Optional<List<String>> named = form.texts(field).filter(names -> !names.isEmpty());
        return named.or(() -> form.find("mem_cube_id").map(List::of)).orElse(List.of(user)).stream()
                .distinct()
                .toList();
    }

    private static List<Input> inputs(Form form, Telling telling, boolean named) {
        Turns turns = new Turns(telling, named).read(form, "messages");
        form.find("memory_content").ifPresent(turns::text);
        return turns.inputs();
    }

    private static void refuseFiles(Form form) {
        if (form.has("doc_path")) {
            throw Turns.refused();
        }
        if (form.flag("is_upload_skill", false)) {
            throw MemoryException.invalid(
                    "This server fetches no skills from addresses. Add what they say as messages.");
        }
    }

    /** Adds, and tells what there is then: what was told, and if the call waits for it what was made of it. */
    static List<MemoryItem> remember(MemCube cube, List<Input> inputs, boolean wait) {
        if (inputs.isEmpty()) {
            return List.of();
        }
        Set<ItemId> ids = new LinkedHashSet<>(cube.add(AddRequest.of(inputs)).ids());
        List<MemoryItem> items = new ArrayList<>(items(cube, Filter.in("id", texts(ids))));
        if (wait) {
            cube.awaitIdle(PATIENCE);
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
        Optional<String> next = Optional.of("");
        while (next.isPresent()) {
            Page<MemoryItem> page = cube.list(ListRequest.first()
                    .where(filter)
                    .limit(ListRequest.MAX_LIMIT)
                    .after(next.get()));
            items.addAll(page.items());
            next = page.next();
        }
        return items;
    }

    private static Map<String, Object> entry(MemoryItem item, String cube) {
        Map<String, Object> json = new LinkedHashMap<>();
        json.put("memory", item.text());
        json.put("memory_id", item.id().toString());
        json.put("memory_type", Kinds.of(item));
        json.put("cube_id", cube);
        return json;
    }
}
