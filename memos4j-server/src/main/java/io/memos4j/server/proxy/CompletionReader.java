package io.memos4j.server.proxy;

import io.memos4j.http.HttpCallException;
import io.memos4j.http.ServerSentEventDecoder;
import io.memos4j.server.http.BoundedJson;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;

/**
 * Reads along what a provider streams, and knows at the end what the assistant said: the text of the first choice. What
 * it does not understand it skips. For one thread.
 */
final class CompletionReader {
    /** The longest answer, and the longest event, that is captured. */
    private static final int LONGEST = 4 << 20;

    private static final String DONE = "[DONE]";

    private final ServerSentEventDecoder events = new ServerSentEventDecoder(LONGEST);
    private final StringBuilder text = new StringBuilder();
    private boolean complete;
    private boolean tooLong;

    /** The text of an answer that came as a whole; empty if it holds none, since a tool is called, for example. */
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

    void append(byte[] piece) {
        try {
            if (!tooLong) {
                events.decode(piece).forEach(event -> data(event.data().strip()));
            }
        } catch (HttpCallException e) {
            tooLong = true;
        }
    }

    private void data(String data) {
        if (data.equals(DONE)) {
            complete = true;
            return;
        }
        try {
            first(BoundedJson.read(data.getBytes(StandardCharsets.UTF_8))).ifPresent(this::delta);
        } catch (JacksonException e) {
            // Not ours to judge; the client gets it as it is.
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

    /** What was said, once it was said completely; empty if it broke off. */
    Optional<String> text() {
        return complete && !tooLong ? Optional.of(text.toString()) : Optional.empty();
    }
}
