package io.memos4j.models.langchain4j;

import io.memos4j.api.items.Role;
import io.memos4j.spi.models.ChatPrompt;
import io.memos4j.spi.runtime.GenerationResult.FinishReason;
import java.net.http.HttpRequest;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** Speaks OpenAI's chat completions protocol. The token counts of a call come from the usage in its last event. */
record OpenAiChatProtocol(ModelEndpoint endpoint) implements ChatProtocol {
    private static final JsonMapper JSON = JsonMapper.builder().build();
    private static final int SERVER_ERROR = 500;

    @Override
    public HttpRequest.Builder request(ChatPrompt prompt) {
        ModelDialect dialect = ModelDialect.openAi(endpoint.model());
        ObjectNode body = JSON.createObjectNode().put("model", endpoint.model()).put("stream", true);
        body.putObject("stream_options").put("include_usage", true);
        ArrayNode messages = body.putArray("messages");
        prompt.turns()
                .forEach(turn ->
                        messages.addObject().put("role", role(turn.role())).put("content", turn.text()));
        body.put(dialect.completionTokens() ? "max_completion_tokens" : "max_tokens", prompt.maxTokens());
        if (dialect.temperature()) {
            body.put("temperature", prompt.temperature());
        }
        if (!prompt.cacheKey().isEmpty()) {
            body.put("prompt_cache_key", prompt.cacheKey());
        }
        HttpRequest.Builder request = ChatProtocol.post(endpoint.resolve("/chat/completions"), body);
        return endpoint.key().isEmpty() ? request : request.header("Authorization", "Bearer " + endpoint.key());
    }

    private static String role(Role role) {
        return switch (role) {
            case SYSTEM, USER, ASSISTANT -> role.id();
            case TOOL, NONE -> Role.USER.id();
        };
    }

    @Override
    public void readEvent(JsonNode event, ChatAnswerBuilder progress) {
        if (event.has("error")) {
            throw progress.failures()
                    .fromStatus(SERVER_ERROR, event.path("error").toString());
        }
        JsonNode usage = event.path("usage");
        if (usage.isObject()) {
            progress.prompt(
                    usage.path("prompt_tokens").asInt(0),
                    usage.path("prompt_tokens_details").path("cached_tokens").asInt(0));
            progress.output(usage.path("completion_tokens").asInt(0));
        }
        JsonNode choice = event.path("choices").path(0);
        progress.text(choice.path("delta").path("content").asString(""));
        switch (choice.path("finish_reason").asString("")) {
            case "" -> {}
            case "length" -> progress.end(FinishReason.LENGTH);
            case "content_filter" -> throw progress.failures().answerWithheld();
            default -> progress.end(FinishReason.STOP);
        }
    }
}
