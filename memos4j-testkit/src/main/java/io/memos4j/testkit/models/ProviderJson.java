package io.memos4j.testkit.models;

import com.sun.net.httpserver.HttpExchange;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** Reads and writes the JSON of model providers, as far as {@link ScriptedModelServer} needs it. */
final class ProviderJson {
    private static final JsonMapper JSON = JsonMapper.builder().build();

    private ProviderJson() {}

    /** The headers of a request by name in lower case. */
    static Map<String, String> headers(HttpExchange exchange) {
        Map<String, String> headers = new HashMap<>();
        exchange.getRequestHeaders()
                .forEach((name, values) -> headers.put(name.toLowerCase(Locale.ROOT), String.join(",", values)));
        return Map.copyOf(headers);
    }

    /** A text answer in the protocol of the path. */
    static String text(String path, String text, boolean truncated) {
        return path.endsWith("/messages") ? message(List.of(text), truncated) : completion(List.of(text), truncated);
    }

    /** An answer without content in the protocol of the path. */
    static String empty(String path) {
        if (path.endsWith("/rerank")) {
            return scores(List.of());
        }
        return path.endsWith("/messages") ? message(List.of(), false) : completion(List.of(), false);
    }

    /** A rerank answer. */
    static String scores(List<Double> scores) {
        ObjectNode root = JSON.createObjectNode();
        ArrayNode results = root.putArray("results");
        for (int i = 0; i < scores.size(); i++) {
            results.addObject().put("index", i).put("relevance_score", scores.get(i));
        }
        return root.toString();
    }

    private static String completion(List<String> texts, boolean truncated) {
        ObjectNode root = JSON.createObjectNode();
        root.put("id", "chatcmpl-1")
                .put("object", "chat.completion")
                .put("created", 0)
                .put("model", "scripted");
        ArrayNode choices = root.putArray("choices");
        for (String text : texts) {
            ObjectNode choice = choices.addObject();
            choice.put("index", choices.size() - 1).put("finish_reason", truncated ? "length" : "stop");
            choice.putObject("message").put("role", "assistant").put("content", text);
        }
        root.putObject("usage")
                .put("prompt_tokens", ScriptedModelServer.INPUT_TOKENS)
                .put("completion_tokens", ScriptedModelServer.OUTPUT_TOKENS)
                .put("total_tokens", ScriptedModelServer.INPUT_TOKENS + ScriptedModelServer.OUTPUT_TOKENS);
        return root.toString();
    }

    /** A piece of a streamed chat completion. */
    static String delta(String text) {
        return chunk(text, false);
    }

    /** The piece of a streamed chat completion that says that it is over. */
    static String finish() {
        return chunk("", true);
    }

    private static String chunk(String text, boolean last) {
        ObjectNode root = JSON.createObjectNode();
        root.put("id", "chatcmpl-1")
                .put("object", "chat.completion.chunk")
                .put("created", 0)
                .put("model", "scripted");
        ObjectNode choice = root.putArray("choices").addObject().put("index", 0);
        ObjectNode delta = choice.putObject("delta");
        if (last) {
            choice.put("finish_reason", "stop");
        } else {
            delta.put("content", text);
            choice.putNull("finish_reason");
        }
        return root.toString();
    }

    private static String message(List<String> texts, boolean truncated) {
        ObjectNode root = JSON.createObjectNode();
        root.put("id", "msg_1").put("type", "message").put("role", "assistant").put("model", "scripted");
        ArrayNode content = root.putArray("content");
        for (String text : texts) {
            content.addObject().put("type", "text").put("text", text);
        }
        root.put("stop_reason", truncated ? "max_tokens" : "end_turn");
        root.putObject("usage")
                .put("input_tokens", ScriptedModelServer.INPUT_TOKENS)
                .put("output_tokens", ScriptedModelServer.OUTPUT_TOKENS);
        return root.toString();
    }

    /** The instructions: Anthropic's {@code system}, or OpenAI's messages of this role. */
    static String system(String body) {
        JsonNode root = JSON.readTree(body);
        return root.has("system") ? plain(root.path("system")) : ofRole(root, "system");
    }

    /** The input: the messages of the user, or the query of a rerank request. */
    static String user(String body) {
        JsonNode root = JSON.readTree(body);
        return root.has("query") ? root.path("query").asString() : ofRole(root, "user");
    }

    /** The documents of a rerank request. */
    static List<String> documents(String body) {
        List<String> documents = new ArrayList<>();
        JSON.readTree(body).path("documents").forEach(document -> documents.add(document.asString()));
        return documents;
    }

    private static String ofRole(JsonNode root, String role) {
        return root.path("messages")
                .valueStream()
                .filter(message -> message.path("role").asString().equals(role))
                .map(message -> plain(message.path("content")))
                .collect(Collectors.joining("\n"));
    }

    /** Content is a string or an array of parts. */
    private static String plain(JsonNode content) {
        if (!content.isArray()) {
            return content.asString();
        }
        return content.valueStream().map(part -> part.path("text").asString()).collect(Collectors.joining("\n"));
    }
}
