package io.memos4j.server.v1;

import io.memos4j.api.CubeId;
import io.memos4j.api.ErrorCode;
import io.memos4j.api.MemCube;
import io.memos4j.api.MemoryException;
import io.memos4j.api.access.Permission;
import io.memos4j.api.tasks.MemScheduler;
import io.memos4j.api.tasks.Task;
import io.memos4j.api.tasks.TaskId;
import io.memos4j.api.tasks.TaskKind;
import io.memos4j.api.tasks.TaskQuery;
import io.memos4j.api.tasks.TaskRequest;
import io.memos4j.api.tasks.TaskState;
import io.memos4j.server.http.HttpExchange;
import io.memos4j.server.http.JsonBody;
import io.memos4j.server.http.RequiredAccess;
import io.memos4j.server.http.Route;
import io.memos4j.server.http.RouteGroup;
import java.time.Duration;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.stream.Collectors;

/** Routes for background tasks. */
final class TaskRoutes implements RouteGroup {
    private static final String ONE = "/v1/tasks/{task}";
    private static final String CUBE = "/v1/cubes/{cube}";
    private static final int LONGEST_WAIT_MS = 300_000;

    @Override
    public List<Route> routes() {
        return List.of(
                Route.get("/v1/tasks", RequiredAccess.READ, TaskRoutes::list),
                Route.get(
                        ONE,
                        RequiredAccess.READ,
                        exchange -> exchange.ok(taskJson(exchange, find(exchange, Permission.READ)))),
                Route.get(ONE + "/wait", RequiredAccess.READ, TaskRoutes::await).waiting(),
                Route.get(ONE + "/events", RequiredAccess.READ, TaskRoutes::events)
                        .waiting(),
                Route.post(ONE + "/cancel", RequiredAccess.WRITE, TaskRoutes::cancel),
                Route.post(ONE + "/replay", RequiredAccess.WRITE, TaskRoutes::replay),
                Route.post(CUBE + "/tasks", RequiredAccess.WRITE, TaskRoutes::submit),
                Route.post(CUBE + "/maintain", RequiredAccess.WRITE, TaskRoutes::maintain),
                Route.get(CUBE + "/status", RequiredAccess.READ, TaskRoutes::status),
                Route.post(
                        CUBE + "/pause",
                        RequiredAccess.ADMIN,
                        exchange -> pauseOrResume(exchange, scheduler(exchange)::pause)),
                Route.post(
                        CUBE + "/resume",
                        RequiredAccess.ADMIN,
                        exchange -> pauseOrResume(exchange, scheduler(exchange)::resume)),
                Route.get(
                        "/v1/status",
                        RequiredAccess.ADMINISTRATOR,
                        exchange ->
                                exchange.ok(ApiJson.status(scheduler(exchange).status()))));
    }

    private static MemScheduler scheduler(HttpExchange exchange) {
        return exchange.memos().scheduler();
    }

    /** Submits a task for the cube that the path names, and responds with it. */
    static void submit(HttpExchange exchange, TaskRequest request) {
        Task task = scheduler(exchange).submit(exchange.cube().id(), request);
        exchange.auditTarget(task.id().toString());
        exchange.respond(202, taskJson(exchange, task));
    }

    private static Map<String, Object> taskJson(HttpExchange exchange, Task task) {
        return ApiJson.of(exchange).task(task);
    }

    private static void list(HttpExchange exchange) {
        TaskQuery query = new TaskQuery(
                Optional.empty(),
                parsedSet(exchange, "state", EnumSet.allOf(TaskState.class), TaskState::parse),
                parsedSet(exchange, "kind", EnumSet.allOf(TaskKind.class), TaskKind::parse),
                exchange.queryParameter("limit", 100, 1, TaskQuery.MAX_LIMIT));
        Optional<MemCube> cube = exchange.queryParameter("cube").map(name -> exchange.cube(name, Permission.READ));
        if (cube.isEmpty() && !exchange.identity().principal().administrator()) {
            throw MemoryException.invalid(
                    "Parameter 'cube' is missing. Only an administrator can list the tasks of all cubes.");
        }
        TaskQuery of = cube.map(each -> query.of(each.id())).orElse(query);
        exchange.ok(Map.of(
                "tasks",
                scheduler(exchange).list(of).stream()
                        .filter(task -> exchange.permission(task.cube()).isPresent())
                        .map(task -> taskJson(exchange, task))
                        .toList()));
    }

    private static <T> Set<T> parsedSet(HttpExchange exchange, String name, Set<T> all, Function<String, T> parse) {
        List<String> given = exchange.queryParameters(name);
        return given.isEmpty() ? all : given.stream().map(parse).collect(Collectors.toSet());
    }

    /** Finds a task of a cube that the caller can access; those of other cubes look nonexistent. */
    private static Task find(HttpExchange exchange, Permission needed) {
        TaskId id = TaskId.parse(exchange.pathParameter("task"));
        exchange.auditTarget(id.toString());
        Task task = scheduler(exchange)
                .find(id)
                .filter(found -> exchange.permission(found.cube()).isPresent())
                .orElseThrow(() -> new MemoryException(
                        ErrorCode.TASK_NOT_FOUND,
                        "There is no task " + id + ". Finished tasks are removed after a while."));
        exchange.requirePermission(exchange.cubeName(task.cube()), needed);
        return task;
    }

    private static void await(HttpExchange exchange) {
        Task task = find(exchange, Permission.READ);
        Duration patience = Duration.ofMillis(exchange.queryParameter("timeout_ms", 30_000, 1, LONGEST_WAIT_MS));
        exchange.ok(taskJson(exchange, scheduler(exchange).await(task.id(), patience)));
    }

    private static void events(HttpExchange exchange) throws Exception {
        Task task = find(exchange, Permission.READ);
        TaskEventStream.stream(exchange, task.id());
    }

    private static void cancel(HttpExchange exchange) {
        Task task = find(exchange, Permission.WRITE);
        boolean cancelled = scheduler(exchange).cancel(task.id());
        exchange.ok(Map.of("cancelled", cancelled));
    }

    private static void replay(HttpExchange exchange) {
        Task task = find(exchange, Permission.WRITE);
        exchange.ok(taskJson(exchange, scheduler(exchange).replay(task.id())));
    }

    private static void submit(HttpExchange exchange) {
        JsonBody body = exchange.body();
        TaskRequest request = TaskRequest.of(TaskKind.parse(body.text("kind")));
        body.rejectUnknownFields();
        submit(exchange, request);
    }

    private static void maintain(HttpExchange exchange) {
        Duration patience = Duration.ofMillis(exchange.queryParameter("timeout_ms", 60_000, 1, LONGEST_WAIT_MS));
        exchange.ok(
                Map.of("complete", scheduler(exchange).maintain(exchange.cube().id(), patience)));
    }

    private static void status(HttpExchange exchange) {
        exchange.ok(ApiJson.status(scheduler(exchange).status(exchange.cube().id())));
    }

    private static void pauseOrResume(HttpExchange exchange, Consumer<CubeId> change) {
        MemCube cube = exchange.cube();
        change.accept(cube.id());
        exchange.ok(ApiJson.status(scheduler(exchange).status(cube.id())));
    }
}
