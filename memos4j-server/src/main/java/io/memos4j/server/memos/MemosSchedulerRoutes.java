package io.memos4j.server.memos;

import io.memos4j.api.ErrorCode;
import io.memos4j.api.MemCube;
import io.memos4j.api.MemoryException;
import io.memos4j.api.access.Permission;
import io.memos4j.api.tasks.Task;
import io.memos4j.api.tasks.TaskKind;
import io.memos4j.api.tasks.TaskQuery;
import io.memos4j.api.tasks.TaskState;
import io.memos4j.server.facade.AddProgress;
import io.memos4j.server.facade.MemoryLookup;
import io.memos4j.server.http.HttpExchange;
import io.memos4j.server.http.RequiredAccess;
import io.memos4j.server.http.Route;
import io.memos4j.server.http.RouteGroup;
import io.memos4j.server.http.SseResponse;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The routes that report and await background work: embedding and extraction. Upkeep, which never ends, does not count.
 */
final class MemosSchedulerRoutes implements RouteGroup {
    private static final int LONGEST_WAIT = 600;
    private static final double SECOND = 1e9;
    private static final int MILLIS = 1_000;

    @Override
    public List<Route> routes() {
        return List.of(
                ProductProtocol.get("/scheduler/allstatus", RequiredAccess.READ, MemosSchedulerRoutes::all),
                ProductProtocol.get("/scheduler/status", RequiredAccess.READ, MemosSchedulerRoutes::status),
                ProductProtocol.get("/scheduler/task_queue_status", RequiredAccess.READ, MemosSchedulerRoutes::queue),
                Route.post(
                                "/product/scheduler/wait",
                                RequiredAccess.READ,
                                ProductProtocol.validated(MemosSchedulerRoutes::await))
                        .waiting(),
                Route.get(
                                "/product/scheduler/wait/stream",
                                RequiredAccess.READ,
                                ProductProtocol.validated(MemosSchedulerRoutes::stream))
                        .waiting());
    }

    private static List<Task> tasks(HttpExchange exchange, TaskQuery query) {
        return exchange.memos().scheduler().list(query.limit(TaskQuery.MAX_LIMIT)).stream()
                .filter(task -> exchange.permission(task.cube()).isPresent())
                .toList();
    }

    private static void all(HttpExchange exchange, MemosRequestForm form) {
        List<Task> all = tasks(exchange, TaskQuery.ALL);
        List<Task> awaited = all.stream()
                .filter(task -> task.kind() == TaskKind.EMBED || task.kind() == TaskKind.EXTRACT)
                .toList();
        Map<String, Object> json = new LinkedHashMap<>();
        json.put("scheduler_summary", counts(awaited));
        json.put("all_tasks_summary", counts(all));
        ProductProtocol.answer(exchange, "Memory get status summary successfully", json);
    }

    private static Map<String, Object> counts(List<Task> tasks) {
        Map<String, Object> json = new LinkedHashMap<>();
        json.put("waiting", count(tasks, TaskState.SCHEDULED) + count(tasks, TaskState.READY));
        json.put("in_progress", count(tasks, TaskState.RUNNING));
        json.put("pending", count(tasks, TaskState.READY));
        json.put("completed", count(tasks, TaskState.DONE));
        json.put("failed", count(tasks, TaskState.DEAD));
        json.put("cancelled", count(tasks, TaskState.CANCELLED));
        json.put("total", (long) tasks.size());
        return json;
    }

    private static long count(List<Task> tasks, TaskState state) {
        return tasks.stream().filter(task -> task.state() == state).count();
    }

    /** Reports what was added under a {@code task_id}, or, without one, the engine's own tasks on the user's cube. */
    private static void status(HttpExchange exchange, MemosRequestForm form) {
        String user = form.text(MemosInputContext.USER);
        Optional<String> id = form.optionalText(AddProgress.KEY);
        form.throwIfInvalid();
        List<Map<String, Object>> statuses = id.map(each ->
                        List.of(entry(each, progress(exchange, user, each).memosStatus())))
                .orElseGet(() -> MemoryLookup.findCube(exchange, user, Permission.READ)
                        .map(cube -> tasks(exchange, TaskQuery.ALL.of(cube.id())).stream()
                                .map(task -> entry(task.id().toString(), word(task.state())))
                                .toList())
                        .orElse(List.of()));
        ProductProtocol.answer(exchange, "Memory get status successfully", statuses);
    }

    private static AddProgress progress(HttpExchange exchange, String user, String id) {
        return AddProgress.find(exchange, id, List.of(user))
                .orElseThrow(() -> new MemoryException(ErrorCode.TASK_NOT_FOUND, "Task " + id + " not found"));
    }

    private static Map<String, Object> entry(String id, String status) {
        Map<String, Object> json = new LinkedHashMap<>();
        json.put(AddProgress.KEY, id);
        json.put("status", status);
        return json;
    }

    private static String word(TaskState state) {
        return switch (state) {
            case SCHEDULED, READY -> "waiting";
            case RUNNING -> "in_progress";
            case DONE -> "completed";
            case DEAD -> "failed";
            case CANCELLED -> "cancelled";
        };
    }

    private static void queue(HttpExchange exchange, MemosRequestForm form) {
        String user = form.text(MemosInputContext.USER);
        form.throwIfInvalid();
        List<Task> open = MemoryLookup.findCube(exchange, user, Permission.READ)
                .map(cube -> open(exchange, cube))
                .orElse(List.of());
        long running = count(open, TaskState.RUNNING);
        Map<String, Object> json = new LinkedHashMap<>();
        json.put(MemosInputContext.USER, user);
        json.put("user_name", user);
        json.put("mem_cube_id", user);
        json.put("stream_keys", List.of());
        json.put("users_count", 1);
        json.put("pending_tasks_count", running);
        json.put("remaining_tasks_count", open.size() - running);
        json.put("pending_tasks_detail", List.of());
        json.put("remaining_tasks_detail", List.of());
        ProductProtocol.answer(exchange, "Memory get task queue status successfully", json);
    }

    private static List<Task> open(HttpExchange exchange, MemCube cube) {
        return tasks(
                exchange,
                TaskQuery.ALL
                        .of(cube.id())
                        .kind(TaskKind.EMBED, TaskKind.EXTRACT)
                        .in(TaskState.SCHEDULED, TaskState.READY, TaskState.RUNNING));
    }

    /** A wait for the work on a user's cube. */
    private record Wait(String user, Optional<MemCube> cube, Duration most, Duration step, long began) {
        static Wait of(HttpExchange exchange, MemosRequestForm form) {
            String user = form.text("user_name");
            double seconds = form.number("timeout_seconds", 120, 0);
            double step = form.number("poll_interval", 0.5, 0);
            form.throwIfInvalid();
            return new Wait(
                    user,
                    MemoryLookup.findCube(exchange, user, Permission.READ),
                    Duration.ofMillis((long) (Math.min(seconds, LONGEST_WAIT) * MILLIS)),
                    Duration.ofMillis((long) (Math.clamp(step, 0.05, 10) * MILLIS)),
                    System.nanoTime());
        }

        double waited() {
            return (System.nanoTime() - began) / SECOND;
        }

        boolean idle(Duration patience) {
            return cube.map(each -> each.awaitIdle(patience)).orElse(true);
        }
    }

    private static void await(HttpExchange exchange) {
        Wait wait = Wait.of(exchange, MemosRequestForm.query(exchange));
        boolean idle = wait.idle(wait.most);
        Map<String, Object> json = new LinkedHashMap<>();
        json.put(
                "running_tasks",
                wait.cube.map(cube -> open(exchange, cube).size()).orElse(0));
        json.put("waited_seconds", wait.waited());
        json.put("timed_out", !idle);
        json.put("user_name", wait.user);
        ProductProtocol.answer(exchange, idle ? "idle" : "timeout", json);
    }

    /** Sends the state at each interval as server-sent events, whatever media type the client accepts. */
    private static void stream(HttpExchange exchange) {
        Wait wait = Wait.of(exchange, MemosRequestForm.query(exchange));
        SseResponse events = new SseResponse(exchange);
        boolean idle = false;
        while (!idle && wait.waited() * MILLIS < wait.most.toMillis()) {
            idle = wait.idle(wait.step);
            if (!idle && !events.send(event(exchange, wait, "running"))) {
                return;
            }
        }
        events.send(event(exchange, wait, idle ? "idle" : "timeout"));
    }

    private static Map<String, Object> event(HttpExchange exchange, Wait wait, String status) {
        Map<String, Object> json = new LinkedHashMap<>();
        json.put("user_name", wait.user);
        json.put(
                "active_tasks",
                wait.cube.map(cube -> open(exchange, cube).size()).orElse(0));
        json.put("elapsed_seconds", wait.waited());
        json.put("status", status);
        if (!status.equals("running")) {
            json.put("timed_out", status.equals("timeout"));
        }
        json.put("instance_id", exchange.requestId());
        return json;
    }
}
