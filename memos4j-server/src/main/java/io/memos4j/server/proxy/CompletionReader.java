package io.memos4j.server.proxy;

import io.memos4j.server.http.BoundedJson;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;

/**
 * Reads along what a provider streams, and knows at the end what the assistant said: the text of the first choice. What
 * it does not understand it skips. For one thread.
 */
final class CompletionReader {
    /** Of an answer, or a line; a longer one is not captured. */
    private static final int LONGEST = 4 << 20;

    private static final String DATA = "data:";
    private static final String DONE = "[DONE]";

    private final ByteArrayOutputStream readLine = new ByteArrayOutputStream();
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
