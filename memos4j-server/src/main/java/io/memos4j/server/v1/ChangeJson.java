package io.memos4j.server.v1;

import io.memos4j.api.history.ChangeRecord;
import java.util.LinkedHashMap;
import java.util.Map;

/** Renders changes of memories as JSON, for the native API, MCP and the command line. */
public final class ChangeJson {
    private ChangeJson() {}

    public static Map<String, Object> of(ChangeRecord change) {
        Map<String, Object> json = new LinkedHashMap<>();
        json.put("id", change.id().toString());
        json.put("item", change.item().toString());
        json.put("type", change.type().id());
        json.put("recorded", change.recordedAt().toString());
        json.put("kind", change.kind().id());
        json.put("former", side(change.former()));
        json.put("current", side(change.current()));
        json.put("rule", change.rule());
        change.confidence().ifPresent(confidence -> json.put("confidence", confidence));
        json.put("cause", change.cause());
        json.put("actor", change.actor().stored());
        json.put(
                "evidence",
                change.evidence().stream()
                        .map(each -> Map.of("id", each.id().toString(), "text", each.text()))
                        .toList());
        json.put("undoable", change.undoable());
        change.obstacle().ifPresent(obstacle -> json.put("obstacle", obstacle));
        return json;
    }

    private static Map<String, Object> side(ChangeRecord.Side side) {
        return Map.of("state", side.state().id(), "text", side.text());
    }
}
