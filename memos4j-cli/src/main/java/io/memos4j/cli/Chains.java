package io.memos4j.cli;

import io.memos4j.api.Explanation;
import io.memos4j.api.Related;
import io.memos4j.api.Task;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;

/** What leads from one item to others, as JSON. */
final class Chains {
    private Chains() {}

    static Map<String, Object> explanation(Explanation explanation) {
        Map<String, Object> json = new LinkedHashMap<>();
        json.put("item", Json.item(explanation.item()));
        json.put("sources", explanation.sources().stream().map(Chains::source).toList());
        explanation
                .reading()
                .ifPresent(how -> json.put("reading", Map.of("model", how.model(), "prompt", how.prompt())));
        json.put("history", explanation.history().stream().map(Json::version).toList());
        json.put(
                "successions",
                explanation.successions().stream().map(Json::succession).toList());
        json.put("tasks", explanation.tasks().stream().map(Chains::task).toList());
        return json;
    }

    private static Map<String, Object> source(Explanation.Source source) {
        Map<String, Object> json = new LinkedHashMap<>();
        json.put("kind", source.ref().kind().name().toLowerCase(Locale.ROOT));
        json.put("id", source.ref().id());
        source.item().ifPresent(item -> json.put("item", Json.item(item)));
        json.put("sources", source.sources().stream().map(Chains::source).toList());
        return json;
    }

    private static Map<String, Object> task(Task task) {
        return Map.of(
                "id", task.id().toString(),
                "kind", task.kind().id(),
                "subject", task.subject(),
                "state", task.state().name().toLowerCase(Locale.ROOT),
                "cause", task.cause(),
                "note", task.note());
    }

    static Map<String, Object> related(Related related) {
        Map<String, Object> json = new LinkedHashMap<>();
        json.put("kind", related.kind().name().toLowerCase(Locale.ROOT));
        json.put("weight", related.weight());
        json.put("item", Json.item(related.item()));
        return json;
    }
}
