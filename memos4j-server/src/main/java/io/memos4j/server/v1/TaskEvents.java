package io.memos4j.server.v1;

import io.javalin.http.sse.SseClient;
import io.memos4j.api.MemScheduler;
import io.memos4j.api.Task;
import io.memos4j.api.TaskId;
import io.memos4j.server.http.Exchange;
import io.memos4j.server.http.Json;
import java.time.Duration;
import java.util.Optional;

/** Tells a client how a task goes on, as server-sent events: {@code task} whenever it has changed, a comment as a sign of life in between. */
final class TaskEvents {
    private static final Duration LOOK = Duration.ofSeconds(1);
    private static final Duration SIGN_OF_LIFE = Duration.ofSeconds(15);

    private TaskEvents() {}

    /** Until the task has ended, the client is gone or the server stops. */
    static void stream(Exchange exchange, TaskId id) throws Exception {
        MemScheduler scheduler = exchange.memos().scheduler();
        Shapes shapes = new Shapes(exchange::shown);
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
                if (now.isEmpty() || now.get().state().ended()) {
                    return;
                }
                last = now;
                Thread.sleep(LOOK);
                silent = silent.plus(LOOK);
            }
        });
    }

    private static void send(SseClient client, Shapes shapes, Task task) {
        client.sendEvent("task", Json.text(shapes.task(task)));
    }
}
