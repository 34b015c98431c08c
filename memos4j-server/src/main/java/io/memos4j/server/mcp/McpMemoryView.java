package io.memos4j.server.mcp;

import io.memos4j.api.items.ItemType;
import io.memos4j.api.items.MemoryItem;
import io.memos4j.api.items.Provenance;
import io.memos4j.api.items.TrustLevel;
import io.memos4j.core.language.TextNormalizer;
import io.memos4j.core.prompt.DataBlock;
import io.memos4j.server.facade.PromptTokenBudget;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * The view of a memory that agents get.
 *
 * @param text the item's text or an excerpt of it
 */
record McpMemoryView(MemoryItem item, String text) {
    static McpMemoryView of(MemoryItem item) {
        return new McpMemoryView(item, item.text());
    }

    /** Returns the first memories that fit the budget. */
    static List<McpMemoryView> takeFitting(List<McpMemoryView> memories, PromptTokenBudget budget) {
        List<McpMemoryView> fitting = new ArrayList<>();
        for (McpMemoryView memory : memories) {
            if (!budget.tryConsume(memory.line())) {
                break;
            }
            fitting.add(memory);
        }
        return fitting;
    }

    /** Renders a list entry with what an agent needs to cite, edit or delete the memory. */
    String line() {
        StringBuilder line = new StringBuilder("- [").append(item.id()).append("] ");
        line.append(item.times().occurredAt().truncatedTo(ChronoUnit.SECONDS)).append(' ');
        line.append(item.type().id());
        if (!isCurrent()) {
            line.append(", ").append(item.state().id());
        }
        if (!item.origin().session().isEmpty()) {
            line.append(", session ").append(item.origin().session());
        }
        String by =
                item.origin().speaker().isEmpty() ? item.title() : item.origin().speaker();
        if (!by.isEmpty()) {
            line.append(", ").append(TextNormalizer.singleLine(by));
        }
        if (item.trust() != TrustLevel.OWNER && item.provenance() != Provenance.DERIVED) {
            line.append(", from ").append(item.provenance().id());
            line.append(
                    item.authorship().isOwner() ? "" : " " + item.authorship().principal());
        }
        return line.append(": ")
                .append(DataBlock.indentHeadings(text.strip()))
                .append('\n')
                .toString();
    }

    Map<String, Object> json() {
        Map<String, Object> json = new LinkedHashMap<>();
        json.put("id", item.id().toString());
        json.put("version", item.version());
        json.put("type", item.type().id());
        json.put("state", item.state().id());
        json.put("time", item.times().occurredAt().toString());
        json.put("text", text);
        put(json, "title", item.title());
        put(json, "session", item.origin().session());
        put(json, "role", item.type() == ItemType.MESSAGE ? item.origin().role().id() : "");
        put(json, "speaker", item.origin().speaker());
        json.put("provenance", item.provenance().id());
        json.put("trust", item.trust().id());
        put(json, "principal", item.authorship().principal());
        put(json, "suspicion", item.authorship().suspicion());
        if (!item.tags().isEmpty()) {
            json.put("tags", item.tags().stream().sorted().toList());
        }
        return json;
    }

    private boolean isCurrent() {
        return switch (item.state()) {
            case ACTIVATED, FROZEN -> true;
            case GENERATED, MERGED, ARCHIVED, EXPIRED, FORGOTTEN -> false;
        };
    }

    private static void put(Map<String, Object> json, String name, String value) {
        if (!value.isEmpty()) {
            json.put(name, value);
        }
    }
}
