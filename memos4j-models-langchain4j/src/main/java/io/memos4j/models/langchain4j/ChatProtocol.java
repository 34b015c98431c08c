package io.memos4j.models.langchain4j;

import io.memos4j.spi.models.ChatPrompt;
import java.net.URI;
import java.net.http.HttpRequest;
import tools.jackson.databind.JsonNode;

/** What a provider reads and writes in a conversation that is answered as a stream. */
interface ChatProtocol {
    HttpRequest.Builder request(ChatPrompt prompt);

    /** Takes one event of an answer. */
    void readEvent(JsonNode event, ChatAnswerBuilder progress);

    /** The address of a route below the base address. */
    static URI route(URI base, String path) {
        return URI.create(base.toString().replaceAll("/+$", "") + path);
    }

    /** A post of a JSON text. */
    static HttpRequest.Builder post(URI uri, JsonNode body) {
        return HttpRequest.newBuilder(uri)
                .header("Content-Type", "application/json")
                .header("Accept", "text/event-stream")
                .POST(HttpRequest.BodyPublishers.ofString(body.toString()));
    }
}
