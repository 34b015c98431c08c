package io.memos4j.server.proxy;

import io.memos4j.server.http.BoundedJson;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;

/**
 * Collects the assistant's answer, the text of the first choice, from a provider's stream. Skips what it does not
 * understand. Not thread-safe.
 */
final class CompletionReader {
    /** The maximum length of a line and of an answer; longer ones are not captured. */
    private static final int LONGEST = 4 << 20;

    private static final String DATA = "data:";
    private static final String DONE = "[DONE]";

    private final ByteArrayOutputStream readLine = new ByteArrayOutputStream();
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

    void append(byte[] piece) {
        for (byte each : piece) {
            if (each == '\n') {
                readLine(readLine.toString(StandardCharsets.UTF_8).strip());
                readLine.reset();
            } else if (readLine.size() < LONGEST) {
                readLine.write(each);
            } else {
                tooLong = true;
            }
        }
    }

    private void readLine(String said) {
        if (!said.startsWith(DATA)) {
            return;
        }
        String data = said.substring(DATA.length()).strip();
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

    /** Returns the answer if it is complete; empty if the stream broke off. */
    Optional<String> text() {
        return complete && !tooLong ? Optional.of(text.toString()) : Optional.empty();
    }
}
