package io.memos4j.models.langchain4j;

import io.memos4j.api.ErrorCode;
import io.memos4j.api.MemoryException;
import io.memos4j.spi.models.ChatAnswer;
import io.memos4j.spi.models.ChatModel;
import io.memos4j.spi.models.ChatPrompt;
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
final class StreamingChatModel implements ChatModel {
    private static final JsonMapper JSON = JsonMapper.builder().build();
    private static final int OK = 200;
    private static final int EXCERPT = 4_000;

    private final ChatProtocol protocol;
    private final ModelFailureMapper failures;
    private final DeadlineRunner calls;
    private final HttpClient client = ModelEndpoint.client().build();

    StreamingChatModel(ChatProtocol protocol, ModelFailureMapper failures) {
        this.protocol = protocol;
        this.failures = failures;
        this.calls = new DeadlineRunner(failures);
    }

    @Override
    public String id() {
        return failures.id();
    }

    @Override
    public ChatAnswer answer(ChatPrompt prompt, Predicate<String> sink) {
        ChatAnswerBuilder progress = new ChatAnswerBuilder(sink, failures);
        Deadline deadline = new Deadline(prompt.timeout(), System.nanoTime());
        HttpRequest request = protocol.request(prompt).build();
        HttpResponse<InputStream> response =
                within(deadline, () -> client.send(request, HttpResponse.BodyHandlers.ofInputStream()));
        try (InputStream body = response.body()) {
            if (response.statusCode() != OK) {
                byte[] said = within(deadline, () -> body.readNBytes(EXCERPT));
                throw failures.fromStatus(response.statusCode(), new String(said, StandardCharsets.UTF_8));
            }
            EventReader events = new EventReader(body);
            Optional<String> event = within(deadline, events::next);
            while (event.isPresent() && !progress.cancelled()) {
                protocol.readEvent(parseEvent(event.get()), progress);
                event = progress.cancelled() ? Optional.empty() : within(deadline, events::next);
            }
            return progress.toAnswer();
        } catch (IOException e) {
            throw failures.fromThrowable(e);
        }
    }

    private record Deadline(Duration timeout, long start) {
        Duration left() {
            return timeout.minusNanos(System.nanoTime() - start);
        }
    }

    private <T> T within(Deadline deadline, Callable<T> work) {
        try {
            return calls.callWithin(deadline.left(), work);
        } catch (MemoryException e) {
            throw e.code() == ErrorCode.TIMEOUT ? failures.timeout(deadline.timeout) : e;
        }
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
        calls.close();
        client.shutdownNow();
    }
}
