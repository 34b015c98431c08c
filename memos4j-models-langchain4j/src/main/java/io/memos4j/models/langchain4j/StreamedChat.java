package io.memos4j.models.langchain4j;

import io.memos4j.api.ErrorCode;
import io.memos4j.api.MemoryException;
import io.memos4j.spi.ChatAnswer;
import io.memos4j.spi.ChatModel;
import io.memos4j.spi.ChatPrompt;
import java.io.IOException;
import java.io.InputStream;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.function.Predicate;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** A chat model whose answers are read event by event. Thread-safe; the sink runs on the calling thread. */
final class StreamedChat implements ChatModel {
    private static final JsonMapper JSON = JsonMapper.builder().build();
    private static final int OK = 200;
    private static final int EXCERPT = 4_000;

    private final ChatProtocol protocol;
    private final Failures failures;
    private final Calls calls;
    private final HttpClient client = Endpoint.client().build();

    StreamedChat(ChatProtocol protocol, Failures failures) {
        this.protocol = protocol;
        this.failures = failures;
        this.calls = new Calls(failures);
    }

    @Override
    public String id() {
        return failures.id();
    }

    @Override
    public ChatAnswer answer(ChatPrompt prompt, Predicate<String> sink) {
        ChatProgress progress = new ChatProgress(sink, failures);
        Deadline deadline = new Deadline(prompt.timeout(), System.nanoTime());
        HttpRequest request = protocol.request(prompt).build();
        HttpResponse<InputStream> response =
                within(deadline, () -> client.send(request, HttpResponse.BodyHandlers.ofInputStream()));
        try (InputStream body = response.body()) {
            if (response.statusCode() != OK) {
                byte[] said = within(deadline, () -> body.readNBytes(EXCERPT));
                throw failures.status(response.statusCode(), new String(said, StandardCharsets.UTF_8));
            }
            EventReader events = new EventReader(body);
            Optional<String> event = within(deadline, events::next);
            while (event.isPresent() && !progress.cancelled()) {
                protocol.take(parsed(event.get()), progress);
                event = progress.cancelled() ? Optional.empty() : within(deadline, events::next);
            }
            return progress.answer();
        } catch (IOException e) {
            throw failures.of(e);
        }
    }

    private record Deadline(Duration timeout, long start) {
        Duration left() {
            return timeout.minusNanos(System.nanoTime() - start);
        }
    }

    private <T> T within(Deadline deadline, Callable<T> work) {
        try {
            return calls.within(deadline.left(), work);
        } catch (MemoryException e) {
            throw e.code() == ErrorCode.TIMEOUT ? failures.timeout(deadline.timeout) : e;
        }
    }

    private JsonNode parsed(String event) {
        try {
            return JSON.readTree(event);
        } catch (JacksonException e) {
            throw failures.broken("an event is not JSON");
        }
    }

    @Override
    public void close() {
        calls.close();
        client.shutdownNow();
    }
}
