package io.memos4j.models.langchain4j;

import io.memos4j.http.HttpCallException;
import io.memos4j.http.HttpResponseStream;
import io.memos4j.http.HttpTransport;
import io.memos4j.http.ServerSentEvent;
import io.memos4j.http.ServerSentEventReader;
import io.memos4j.http.WaitLimit;
import io.memos4j.spi.models.ChatAnswer;
import io.memos4j.spi.models.ChatModel;
import io.memos4j.spi.models.ChatPrompt;
import java.util.Optional;
import java.util.function.Predicate;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** A chat model whose answers are read event by event. Thread-safe; the sink runs on the calling thread. */
final class StreamingChatModel implements ChatModel {
    private static final JsonMapper JSON = JsonMapper.builder().build();
    private static final int OK = 200;
    private static final int MAX_FAILURE_BYTES = 4_000;
    private static final int MAX_EVENT_BYTES = 1 << 22;
    private static final String END = "[DONE]";

    private final ChatProtocol protocol;
    private final ModelFailureMapper failures;
    private final HttpTransport transport =
            new HttpTransport(ModelEndpoint.clientBuilder().build());

    StreamingChatModel(ChatProtocol protocol, ModelFailureMapper failures) {
        this.protocol = protocol;
        this.failures = failures;
    }

    @Override
    public String id() {
        return failures.id();
    }

    @Override
    public ChatAnswer answer(ChatPrompt prompt, Predicate<String> sink) {
        ChatAnswerBuilder progress = new ChatAnswerBuilder(sink, failures);
        try (HttpResponseStream response =
                transport.send(protocol.request(prompt).build(), WaitLimit.whole(prompt.timeout()))) {
            if (response.status() != OK) {
                throw response.failure(MAX_FAILURE_BYTES);
            }
            ServerSentEventReader events = response.events(MAX_EVENT_BYTES);
            Optional<JsonNode> event = next(events);
            while (event.isPresent() && !progress.cancelled()) {
                protocol.readEvent(event.get(), progress);
                event = progress.cancelled() ? Optional.empty() : next(events);
            }
            return progress.toAnswer();
        } catch (HttpCallException e) {
            throw failures.of(e, prompt.timeout());
        } catch (InterruptedException e) {
            throw failures.interrupted();
        }
    }

    /** Reads the next event; empty at the end. */
    private Optional<JsonNode> next(ServerSentEventReader events) throws HttpCallException, InterruptedException {
        return events.next()
                .map(ServerSentEvent::data)
                .filter(data -> !data.strip().equals(END))
                .map(this::parseEvent);
    }

    private JsonNode parseEvent(String event) {
        try {
            return JSON.readTree(event);
        } catch (JacksonException e) {
            throw failures.unusableAnswer("an event is not JSON");
        }
    }

    @Override
    public void close() {
        transport.close();
    }
}
