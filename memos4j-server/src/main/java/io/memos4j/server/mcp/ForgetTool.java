package io.memos4j.server.mcp;

import io.memos4j.api.DeleteResult;
import io.memos4j.api.ItemId;
import io.memos4j.api.MemCube;
import io.memos4j.api.MemoryException;
import io.memos4j.api.access.Permission;
import io.memos4j.api.items.Filter;
import io.memos4j.api.items.Selection;
import io.memos4j.api.search.SearchRequest;
import io.memos4j.server.facade.PromptTokenBudget;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The tool that deletes memories permanently, by ids or by session. A query deletes nothing: it lists candidates, and
 * the agent names their ids in a second call, so that a vague or injected query cannot wipe a memory.
 */
final class ForgetTool {
    private static final int MOST_SHOWN = 20;

    private ForgetTool() {}

    static McpTool tool() {
        return new McpTool(
                "forget_memory",
                "Delete memories permanently, by ids or by session. A query only lists candidates:"
                        + " call again with their ids.",
                McpTool.Kind.ALTERS,
                new ToolInputSchema()
                        .ids("ids", "The memories to delete.")
                        .text("session", McpToolCall.NAME, "Delete all memories of this conversation.")
                        .text("query", McpToolCall.QUERY, "List candidates; deletes nothing.")
                        .cube()
                        .maxTokens(),
                ForgetTool::forget);
    }

    private static McpToolResult forget(McpToolCall call) {
        List<ItemId> ids = call.ids("ids");
        Optional<String> session = call.optional("session", McpToolCall.NAME);
        Optional<String> query = call.optional("query", McpToolCall.QUERY);
        PromptTokenBudget budget = call.budget();
        String name = call.cube();
        call.rejectUnknownArguments();
        if ((ids.isEmpty() ? 0 : 1) + (session.isPresent() ? 1 : 0) + (query.isPresent() ? 1 : 0) != 1) {
            throw MemoryException.invalid("Give exactly one of 'ids', 'session' and 'query'.");
        }
        MemCube cube = call.access().cube(name, Permission.WRITE);
        return query.map(text -> candidates(cube, name, SearchRequest.of(text), budget))
                .orElseGet(() -> delete(cube, name, selection(cube, ids, session)));
    }

    private static McpToolResult candidates(
            MemCube cube, String name, SearchRequest request, PromptTokenBudget budget) {
        List<McpMemoryView> found = cube.search(request.limit(MOST_SHOWN)).hits().stream()
                .map(hit -> new McpMemoryView(hit.item(), hit.excerpt()))
                .toList();
        McpToolResult listed = ReadingTools.listed(name, found, budget);
        Map<String, Object> json = new LinkedHashMap<>(listed.structured());
        json.put("forgotten", List.of());
        return McpToolResult.of(
                "Nothing was deleted yet. Call again with the ids of the memories to delete.\n" + listed.text(), json);
    }

    /** Requires that every id exists, so that an agent learns of a wrong id before anything is deleted. */
    private static Selection selection(MemCube cube, List<ItemId> ids, Optional<String> session) {
        ids.forEach(id -> ReadingTools.requireItem(cube, id));
        return session.map(Selection::session)
                .orElseGet(() -> Selection.matching(
                        Filter.in("id", ids.stream().map(ItemId::toString).toList())));
    }

    private static McpToolResult delete(MemCube cube, String name, Selection selection) {
        DeleteResult result = cube.delete(selection);
        List<String> gone = result.selected().stream().map(ItemId::toString).toList();
        Map<String, Object> json = new LinkedHashMap<>();
        json.put("cube", name);
        json.put("forgotten", gone.stream().limit(McpToolCall.MOST_IDS).toList());
        json.put("count", result.count());
        return McpToolResult.of(
                "Deleted " + gone.size() + " memories, and " + result.derived().size() + " derived from them.", json);
    }
}
