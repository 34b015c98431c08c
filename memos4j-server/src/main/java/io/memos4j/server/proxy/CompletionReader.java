package io.memos4j.server.proxy;

import io.memos4j.http.HttpCallException;
import io.memos4j.http.ServerSentEventDecoder;
import io.memos4j.server.http.BoundedJson;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;

/**
 * Collects the assistant's answer, the text of the first choice, from a provider's stream. Skips what it does not
 * understand. Not thread-safe.
 */
final class CompletionReader {
    /** The maximum length of an event and of an answer; longer ones are not captured. */
    private static final int LONGEST = 4 << 20;

    private static final String DONE = "[DONE]";
    private static final byte[] END_OF_EVENT = "\n\n".getBytes(StandardCharsets.US_ASCII);

    private final ServerSentEventDecoder events = new ServerSentEventDecoder(LONGEST);
    private final StringBuilder text = new StringBuilder();
    private boolean complete;
    private boolean tooLong;

    /**
     * Returns the text of an answer that was not streamed; empty if it has none, for example because it calls a tool.
     */
    static String textOf(byte[] json) {
        try {
            return first(BoundedJson.read(json))
                    .map(choice -> choice.path("message").path("content"))
                    .filter(JsonNode::isString)
                    .map(JsonNode::stringValue)
                    .orElse("");
        } catch (JacksonException e) {
            return "";
        }
    }

    private static Optional<JsonNode> first(JsonNode answer) {
        return answer.path("choices")
                .valueStream()
                .filter(choice -> choice.path("index").asInt(0) == 0)
                .findFirst();
    }

    void append(byte[] chunk) {
        try {
            if (!tooLong) {
                events.decode(chunk).forEach(event -> event.data().lines().forEach(this::data));
            }
        } catch (HttpCallException e) {
            tooLong = true;
        }
    }

    private void data(String line) {
        String data = line.strip();
        if (data.equals(DONE)) {
            complete = true;
            return;
        }
        try {
            first(BoundedJson.read(data.getBytes(StandardCharsets.UTF_8))).ifPresent(this::delta);
        } catch (JacksonException e) {
            // The client gets it unchanged and can judge for itself.
        }
    }

    private void delta(JsonNode choice) {
        JsonNode content = choice.path("delta").path("content");
        if (content.isString()) {
            text.append(content.stringValue());
            tooLong |= text.length() > LONGEST;
        }
        complete |= choice.path("finish_reason").isString();
    }

    /** Ends the stream, also in the middle of an event, and returns the answer; empty if the stream broke off. */
    Optional<String> text() {
        append(END_OF_EVENT);
        return complete && !tooLong ? Optional.of(text.toString()) : Optional.empty();
    }
}
