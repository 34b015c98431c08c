package io.memos4j.models.langchain4j;

import io.memos4j.spi.models.ChatPrompt;
import java.net.URI;
import java.net.http.HttpRequest;
import tools.jackson.databind.JsonNode;

/** The requests and events of a provider whose answers are streamed. */
interface ChatProtocol {
    HttpRequest.Builder request(ChatPrompt prompt);

    /** Adds one event to an answer. */
    void readEvent(JsonNode event, ChatAnswerBuilder progress);

    /** Creates a request that posts JSON and asks for events. */
    static HttpRequest.Builder post(URI uri, JsonNode body) {
        return HttpRequest.newBuilder(uri)
                .header("Content-Type", "application/json")
                .header("Accept", "text/event-stream")
                .POST(HttpRequest.BodyPublishers.ofString(body.toString()));
    }
}
