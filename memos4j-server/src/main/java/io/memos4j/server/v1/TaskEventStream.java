package io.memos4j.server.v1;

import io.javalin.http.sse.SseClient;
import io.memos4j.api.tasks.MemScheduler;
import io.memos4j.api.tasks.Task;
import io.memos4j.api.tasks.TaskId;
import io.memos4j.server.http.BoundedJson;
import io.memos4j.server.http.HttpExchange;
import java.time.Duration;
import java.util.Optional;

/**
 * Tells a client how a task goes on, as server-sent events: {@code task} whenever it has changed, a comment as a sign
 * of life in between.
 */
final class TaskEventStream {
    private static final Duration LOOK = Duration.ofSeconds(1);
    private static final Duration SIGN_OF_LIFE = Duration.ofSeconds(15);

    private TaskEventStream() {}

    /** Until the task has ended, the client is gone or the server stops. */
    static void stream(HttpExchange exchange, TaskId id) throws Exception {
        MemScheduler scheduler = exchange.memos().scheduler();
        ApiJson shapes = new ApiJson(exchange::cubeName);
        exchange.stream(client -> {
            Optional<Task> last = Optional.empty();
            Duration silent = Duration.ZERO;
            while (!client.terminated()) {
                Optional<Task> now = scheduler.find(id);
                if (!now.equals(last) && now.isPresent()) {
                    send(client, shapes, now.get());
                    silent = Duration.ZERO;
                } else if (silent.compareTo(SIGN_OF_LIFE) >= 0) {
                    client.sendComment("waiting");
                    silent = Duration.ZERO;
                }
                if (now.isEmpty() || now.get().state().isTerminal()) {
                    return;
                }
                last = now;
                Thread.sleep(LOOK);
                silent = silent.plus(LOOK);
            }
        });
    }

    private static void send(SseClient client, ApiJson shapes, Task task) {
        client.sendEvent("task", BoundedJson.text(shapes.task(task)));
    }
}
