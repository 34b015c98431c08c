package io.memos4j.client;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Optional;
import java.util.function.Consumer;

/** A client of the background tasks of a server. Thread-safe. */
public final class TaskClient {
    /** The longest single wait, so that no connection stays silent for longer. */
    private static final Duration SLICE = Duration.ofSeconds(30);

    private static final String NOT_FOUND = "task_not_found";

    private final ClientTransport transport;

    TaskClient(ClientTransport transport) {
        this.transport = transport;
    }

    private static String taskPath(String id) {
        return "/v1/tasks/" + ClientCall.encoded(id);
    }

    /** Returns a task; empty if there is none, or if it ended a while ago. */
    public Optional<TaskStatus> find(String id) {
        try {
            return Optional.of(transport.as(TaskStatus.class, ClientCall.get(taskPath(id))));
        } catch (MemoryClientException e) {
            if (e.code().equals(NOT_FOUND)) {
                return Optional.empty();
            }
            throw e;
        }
    }

    /** Waits until a task has ended or the time is up, and returns its state. */
    public TaskStatus await(String id, Duration patience) {
        long deadline = System.nanoTime() + patience.toNanos();
        while (true) {
            Duration left = Duration.ofNanos(Math.max(0, deadline - System.nanoTime()));
            Duration slice = left.compareTo(SLICE) < 0 ? left : SLICE;
            ClientCall call = ClientCall.get(taskPath(id) + "/wait")
                    .query("timeout_ms", Math.max(1, slice.toMillis()))
                    .withExtraTime(slice);
            TaskStatus task = transport.as(TaskStatus.class, call);
            if (task.ended() || System.nanoTime() >= deadline) {
                return task;
            }
        }
    }

    /**
     * Watches a task until it has ended.
     *
     * @param watcher receives the current state and every change, on the calling thread
     * @return the last state; empty if the task was deleted before the first event
     */
    public Optional<TaskStatus> watch(String id, Consumer<TaskStatus> watcher) {
        Deque<TaskStatus> last = new ArrayDeque<>(1);
        transport.events(ClientCall.get(taskPath(id) + "/events"), data -> {
            TaskStatus task = ClientJson.as(TaskStatus.class, ClientJson.read(data));
            watcher.accept(task);
            last.clear();
            last.add(task);
        });
        return Optional.ofNullable(last.peek());
    }

    /** Cancels a task; returns false if it has already ended. */
    public boolean cancel(String id) {
        return transport
                .json(ClientCall.of("POST", taskPath(id) + "/cancel").safeToRepeat())
                .path("cancelled")
                .asBoolean(false);
    }

    /** Runs a dead task again. */
    public TaskStatus replay(String id) {
        return transport.as(TaskStatus.class, ClientCall.of("POST", taskPath(id) + "/replay"));
    }
}
