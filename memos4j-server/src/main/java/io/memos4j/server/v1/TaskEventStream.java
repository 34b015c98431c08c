package io.memos4j.server.v1;

import io.memos4j.api.tasks.MemScheduler;
import io.memos4j.api.tasks.Task;
import io.memos4j.api.tasks.TaskId;
import io.memos4j.server.http.HttpExchange;
import java.time.Duration;
import java.util.Optional;

/**
 * Streams the progress of a task as server-sent events: {@code task} whenever it changes, and comments that keep the
 * connection alive.
 */
final class TaskEventStream {
    private static final Duration POLL_INTERVAL = Duration.ofSeconds(1);
    private static final Duration KEEP_ALIVE = Duration.ofSeconds(15);

    private TaskEventStream() {}

    /** Streams until the task ends, the client disconnects, or the server stops. */
    static void stream(HttpExchange exchange, TaskId id) throws Exception {
        MemScheduler scheduler = exchange.memos().scheduler();
        ApiJson render = ApiJson.of(exchange);
        exchange.stream(events -> {
            Optional<Task> last = Optional.empty();
            Duration silent = Duration.ZERO;
            boolean connected = true;
            while (connected) {
                Optional<Task> now = scheduler.find(id);
                if (!now.equals(last) && now.isPresent()) {
                    connected = events.send("task", render.task(now.get()));
                    silent = Duration.ZERO;
                } else if (silent.compareTo(KEEP_ALIVE) >= 0) {
                    connected = events.comment("waiting");
                    silent = Duration.ZERO;
                }
                if (now.isEmpty() || now.get().state().isTerminal()) {
                    return;
                }
                last = now;
                Thread.sleep(POLL_INTERVAL);
                silent = silent.plus(POLL_INTERVAL);
            }
        });
    }
}
