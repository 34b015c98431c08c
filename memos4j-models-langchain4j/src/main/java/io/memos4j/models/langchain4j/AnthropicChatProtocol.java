package io.memos4j.models.langchain4j;

import io.memos4j.api.items.Role;
import io.memos4j.spi.ChatTurn;
import io.memos4j.spi.models.ChatPrompt;
import io.memos4j.spi.runtime.GenerationResult.FinishReason;
import java.net.http.HttpRequest;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * Speaks Anthropic's messages protocol. Leading instructions become its system prompt; later ones are sent with the
 * role of the user.
 *
 * <p>A request may carry four cache marks. Two are set: at the end of the stable instructions, which different
 * conversations may share, and at the end of the stable turns. The provider finds the mark of the previous call by
 * itself, some twenty turns back. Blank texts are left out, since it rejects them.
 */
record AnthropicChatProtocol(ModelEndpoint endpoint) implements ChatProtocol {
    private static final JsonMapper JSON = JsonMapper.builder().build();
    private static final String VERSION = "2023-06-01";
    private static final int OVERLOADED = 529;

    @Override
    public HttpRequest.Builder request(ChatPrompt prompt) {
        ObjectNode body = JSON.createObjectNode()
                .put("model", endpoint.model())
                .put("stream", true)
                .put("max_tokens", prompt.maxTokens());
        if (ModelDialect.anthropic(endpoint.model()).temperature()) {
            // Anthropic's scale ends at 1.
            body.put("temperature", Math.min(prompt.temperature(), 1));
        }
        int instructions = instructions(prompt);
        ArrayNode system = JSON.createArrayNode();
        ArrayNode messages = JSON.createArrayNode();
        for (int i = 0; i < prompt.turns().size(); i++) {
            ChatTurn turn = prompt.turns().get(i);
            if (turn.text().isBlank()) {
                continue;
            }
            ArrayNode blocks = i < instructions ? system : message(messages, turn.role());
            ObjectNode block = blocks.addObject().put("type", "text").put("text", turn.text());
            if (i == lastText(prompt, Math.min(prompt.stable(), instructions))
                    || i == lastText(prompt, prompt.stable())) {
                block.putObject("cache_control").put("type", "ephemeral");
            }
        }
        if (!system.isEmpty()) {
            body.set("system", system);
        }
        body.set("messages", messages);
        return ChatProtocol.post(endpoint.resolve("/messages"), body)
                .header("x-api-key", endpoint.key())
                .header("anthropic-version", VERSION);
    }

    /** Counts the leading instructions. */
    private static int instructions(ChatPrompt prompt) {
        int count = 0;
        while (count < prompt.turns().size() && prompt.turns().get(count).role() == Role.SYSTEM) {
            count++;
        }
        return count;
    }

    private static ArrayNode message(ArrayNode messages, Role role) {
        String speaker = role == Role.ASSISTANT ? role.id() : Role.USER.id();
        return messages.addObject().put("role", speaker).putArray("content");
    }

    /** Finds the last turn with a text among the first {@code count}; -1 if there is none. */
    private static int lastText(ChatPrompt prompt, int count) {
        int last = count - 1;
        while (last >= 0 && prompt.turns().get(last).text().isBlank()) {
            last--;
        }
        return last;
    }

    @Override
    public void readEvent(JsonNode event, ChatAnswerBuilder progress) {
        switch (event.path("type").asString("")) {
            case "message_start" -> {
                JsonNode usage = event.path("message").path("usage");
                int read = usage.path("cache_read_input_tokens").asInt(0);
                int written = usage.path("cache_creation_input_tokens").asInt(0);
                progress.prompt(usage.path("input_tokens").asInt(0) + read + written, read);
            }
            case "content_block_delta" ->
                progress.text(event.path("delta").path("text").asString(""));
            case "message_delta" -> {
                progress.output(event.path("usage").path("output_tokens").asInt(0));
                end(event.path("delta").path("stop_reason").asString(""), progress);
            }
            case "error" ->
                throw progress.failures()
                        .fromStatus(OVERLOADED, event.path("error").toString());
            default -> {}
        }
    }

    private static void end(String reason, ChatAnswerBuilder progress) {
        switch (reason) {
            case "" -> {}
            case "max_tokens" -> progress.end(FinishReason.LENGTH);
            case "refusal" -> throw progress.failures().answerWithheld();
            default -> progress.end(FinishReason.STOP);
        }
    }
}
