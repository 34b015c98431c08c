package io.memos4j.client;

import java.time.Duration;
import java.util.Iterator;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.stream.Stream;

/** The background work of a server. Thread-safe. */
public final class TaskClient {
    /** A server is asked again after this, so that no connection stays silent for longer. */
    private static final Duration SLICE = Duration.ofSeconds(30);

    private static final String NOT_FOUND = "task_not_found";
    private static final String DATA = "data:";

    private final Wire wire;

    TaskClient(Wire wire) {
        this.wire = wire;
    }

    private static String one(String id) {
        return "/v1/tasks/" + Call.encoded(id);
    }

    /** Empty also for one that ended a while ago. */
    public Optional<Task> find(String id) {
        try {
            return Optional.of(wire.as(Task.class, Call.get(one(id))));
        } catch (MemoryClientException e) {
            if (e.code().equals(NOT_FOUND)) {
                return Optional.empty();
            }
            throw e;
        }
    }

    /** Waits until a task has ended or the time is up; the task as it then stands. */
    public Task await(String id, Duration patience) {
        long deadline = System.nanoTime() + patience.toNanos();
        while (true) {
            Duration left = Duration.ofNanos(Math.max(0, deadline - System.nanoTime()));
            Duration slice = left.compareTo(SLICE) < 0 ? left : SLICE;
            Call call = Call.get(one(id) + "/wait")
                    .query("timeout_ms", Math.max(1, slice.toMillis()))
                    .taking(slice);
            Task task = wire.as(Task.class, call);
            if (task.ended() || System.nanoTime() >= deadline) {
                return task;
            }
        }
    }

    /**
     * Tells how a task goes on, until it has ended.
     *
     * @param watcher is shown the task as it is, and whenever it has changed, on the calling thread
     * @return the task as it was shown last; empty if it was forgotten before anything could be shown
     */
    public Optional<Task> events(String id, Consumer<Task> watcher) {
        Optional<Task> last = Optional.empty();
        try (Stream<String> lines = wire.lines(Call.get(one(id) + "/events"))) {
            for (Iterator<String> each = lines.iterator(); each.hasNext(); ) {
                String line = each.next();
                if (line.startsWith(DATA)) {
                    Task task = Json.as(Task.class, Json.read(line.substring(DATA.length())));
                    watcher.accept(task);
                    last = Optional.of(task);
                }
            }
        }
        return last;
    }

    /** Whether there was anything to cancel. */
    public boolean cancel(String id) {
        return wire.json(Call.of("POST", one(id) + "/cancel").safeToRepeat())
                .path("cancelled")
                .asBoolean(false);
    }

    /** Tries a dead task again. */
    public Task replay(String id) {
        return wire.as(Task.class, Call.of("POST", one(id) + "/replay"));
    }
}
