package io.memos4j.server.mcp;

import io.memos4j.api.ErrorCode;
import io.memos4j.api.ItemId;
import io.memos4j.api.MemCube;
import io.memos4j.api.MemoryException;
import io.memos4j.api.MemoryItem;
import io.memos4j.api.Permission;
import io.memos4j.api.SearchRequest;
import io.memos4j.core.prompt.DataBlock;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** The tools that look and change nothing. */
final class ReadingTools {
    private static final Arguments.Range LIMIT = new Arguments.Range(1, 50, 10);

    /** A search is asked for this much more than fits, so that it is known whether something was left out. */
    private static final int MORE = 4;

    private ReadingTools() {}

    static List<Tool> all() {
        return List.of(
                new Tool(
                        "search_memory",
                        "Search what is remembered: facts, preferences, past conversations. Use it before answering what may depend on them.",
                        Tool.Kind.READS,
                        new Arguments()
                                .text("query", Call.QUERY, "What to look for, in natural language.")
                                .cube()
                                .text(
                                        "session",
                                        Call.NAME,
                                        "The conversation in which this is asked, if it has a name.")
                                .integer("limit", LIMIT, "The most memories.")
                                .maxTokens()
                                .requiring("query"),
                        ReadingTools::search),
                new Tool(
                        "get_memory",
                        "Read one memory in full by its id.",
                        Tool.Kind.READS,
                        new Arguments()
                                .text("id", Call.NAME, "The id of the memory.")
                                .cube()
                                .maxTokens()
                                .requiring("id"),
                        ReadingTools::get),
                new Tool(
                        "list_cubes",
                        "List the cubes (containers of memories) that can be used, and what is allowed there.",
                        Tool.Kind.READS,
                        new Arguments().maxTokens(),
                        ReadingTools::cubes));
    }

    private static Answer search(Call call) {
        String query = call.text("query", Call.QUERY);
        String cube = call.cube();
        int limit = call.integer("limit", LIMIT);
        int tokens = call.integer("max_tokens", Call.TOKENS);
        SearchRequest request = SearchRequest.of(query)
                .limit(limit)
                .maxTokens(tokens * MORE)
                .in(call.optional("session", Call.NAME).orElse(""));
        call.complete();
        List<Memory> found = call.access().cube(cube, Permission.READ).search(request).hits().stream()
                .map(hit -> new Memory(hit.item(), hit.excerpt()))
                .toList();
        return listed(cube, found, new Budget(tokens));
    }

    /** Memories as far as they fit; what was left out is said. */
    static Answer listed(String cube, List<Memory> found, Budget budget) {
        if (found.isEmpty()) {
            return Answer.of("Nothing was found in cube '" + cube + "'.", json(cube, List.of(), 0));
        }
        List<Memory> fitting = new ArrayList<>(Memory.fitting(found, budget));
        if (fitting.isEmpty()) {
            Memory best = found.getFirst();
            fitting.add(new Memory(best.item(), budget.cut(best.text())));
        }
        StringBuilder lines = new StringBuilder();
        fitting.forEach(memory -> lines.append(memory.line()));
        int left = found.size() - fitting.size();
        String more =
                left == 0 ? "" : "\n" + left + " more did not fit into max_tokens. Raise it, or ask more narrowly.";
        return Answer.of(DataBlock.of(cube, lines.toString()) + more, json(cube, fitting, left));
    }

    private static Map<String, Object> json(String cube, List<Memory> memories, int left) {
        Map<String, Object> json = new LinkedHashMap<>();
        json.put("cube", cube);
        json.put("memories", memories.stream().map(Memory::json).toList());
        json.put("left_out", left);
        return json;
    }

    private static Answer get(Call call) {
        ItemId id = ItemId.parse(call.text("id", Call.NAME));
        String cube = call.cube();
        Budget budget = call.budget();
        call.complete();
        MemoryItem item = existing(call.access().cube(cube, Permission.READ), id);
        Memory memory = new Memory(item, budget.cut(item.text()));
        Map<String, Object> json = new LinkedHashMap<>();
        json.put("cube", cube);
        json.put("memory", memory.json());
        json.put("truncated", budget.exceeded());
        String more = budget.exceeded() ? "\nThe text was cut to max_tokens." : "";
        return Answer.of(DataBlock.of(cube, memory.line()) + more, json);
    }

    static MemoryItem existing(MemCube cube, ItemId id) {
        return cube.get(id)
                .orElseThrow(() -> new MemoryException(
                        ErrorCode.ITEM_NOT_FOUND,
                        "There is no memory " + id + " in this cube. It may have been forgotten, or lie in another."));
    }

    private static Answer cubes(Call call) {
        Budget budget = call.budget();
        call.complete();
        Map<String, Permission> all = call.access().cubes();
        StringBuilder lines = new StringBuilder();
        List<Map<String, Object>> listed = new ArrayList<>();
        for (Map.Entry<String, Permission> each : all.entrySet()) {
            String line = "- " + each.getKey() + " (" + each.getValue().id() + ")\n";
            if (!budget.take(line)) {
                break;
            }
            lines.append(line);
            listed.add(
                    Map.of("cube", each.getKey(), "permission", each.getValue().id()));
        }
        int left = all.size() - listed.size();
        if (left > 0) {
            lines.append(left).append(" more did not fit into max_tokens.\n");
        }
        String text = all.isEmpty() ? "There are no cubes yet. The first add_memory makes one." : lines.toString();
        Map<String, Object> json = new LinkedHashMap<>();
        json.put("cubes", listed);
        json.put("left_out", left);
        json.put("default", call.access().standard());
        return Answer.of(text, json);
    }
}
