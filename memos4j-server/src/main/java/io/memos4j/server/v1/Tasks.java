package io.memos4j.server.v1;

import io.memos4j.api.ErrorCode;
import io.memos4j.api.MemCube;
import io.memos4j.api.MemScheduler;
import io.memos4j.api.MemoryException;
import io.memos4j.api.Permission;
import io.memos4j.api.Task;
import io.memos4j.api.TaskId;
import io.memos4j.api.TaskKind;
import io.memos4j.api.TaskQuery;
import io.memos4j.api.TaskRequest;
import io.memos4j.api.TaskState;
import io.memos4j.server.http.Body;
import io.memos4j.server.http.Exchange;
import io.memos4j.server.http.Need;
import io.memos4j.server.http.Route;
import io.memos4j.server.http.Surface;
import java.time.Duration;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import java.util.stream.Collectors;

/** The background work. */
final class Tasks implements Surface {
    private static final String ONE = "/v1/tasks/{task}";
    private static final String CUBE = "/v1/cubes/{cube}";
    private static final int LONGEST_WAIT_MS = 300_000;

    @Override
    public List<Route> routes() {
        return List.of(
                Route.get("/v1/tasks", Need.READ, Tasks::list),
                Route.get(ONE, Need.READ, exchange -> exchange.ok(shown(exchange, find(exchange, Permission.READ)))),
                Route.get(ONE + "/wait", Need.READ, Tasks::await),
                Route.get(ONE + "/events", Need.READ, Tasks::events),
                Route.post(ONE + "/cancel", Need.WRITE, Tasks::cancel),
                Route.post(ONE + "/replay", Need.WRITE, Tasks::replay),
                Route.post(CUBE + "/tasks", Need.WRITE, Tasks::submit),
                Route.post(CUBE + "/maintain", Need.WRITE, Tasks::maintain),
                Route.get(CUBE + "/status", Need.READ, Tasks::status),
                Route.post(CUBE + "/pause", Need.ADMIN, exchange -> switchOne(exchange, scheduler(exchange)::pause)),
                Route.post(CUBE + "/resume", Need.ADMIN, exchange -> switchOne(exchange, scheduler(exchange)::resume)),
                Route.get(
                        "/v1/status",
                        Need.SERVER,
                        exchange ->
                                exchange.ok(Shapes.status(scheduler(exchange).status()))));
    }

    private static MemScheduler scheduler(Exchange exchange) {
        return exchange.memos().scheduler();
    }

    /** Asks for a task of the cube that the path names, and answers with it. */
    static void submit(Exchange exchange, TaskRequest request) {
        Task task = scheduler(exchange).submit(exchange.cube().id(), request);
        exchange.target(task.id().toString());
        exchange.answer(202, shown(exchange, task));
    }

    private static Map<String, Object> shown(Exchange exchange, Task task) {
        return new Shapes(exchange::shown).task(task);
    }

    private static void list(Exchange exchange) {
        TaskQuery query = new TaskQuery(
                Optional.empty(),
                chosen(exchange, "state", EnumSet.allOf(TaskState.class), TaskState::parse),
                chosen(exchange, "kind", EnumSet.allOf(TaskKind.class), TaskKind::parse),
                exchange.query("limit", 100, 1, TaskQuery.MAX_LIMIT));
        Optional<MemCube> cube = exchange.query("cube").map(name -> exchange.cube(name, Permission.READ));
        if (cube.isEmpty() && !exchange.identity().principal().administrator()) {
            throw MemoryException.invalid(
                    "Parameter 'cube' is missing. Only an administrator sees the tasks of all cubes.");
        }
        TaskQuery of = cube.map(each -> query.of(each.id())).orElse(query);
        exchange.ok(Map.of(
                "tasks",
                scheduler(exchange).list(of).stream()
                        .filter(task -> exchange.permission(task.cube()).isPresent())
                        .map(task -> shown(exchange, task))
                        .toList()));
    }

    private static <T> Set<T> chosen(
            Exchange exchange, String name, Set<T> all, java.util.function.Function<String, T> parse) {
        List<String> given = exchange.queries(name);
        return given.isEmpty() ? all : given.stream().map(parse).collect(Collectors.toSet());
    }

    /** A task of a cube that the caller may do this with; another's answers like a missing one. */
    private static Task find(Exchange exchange, Permission needed) {
        TaskId id = TaskId.parse(exchange.path("task"));
        exchange.target(id.toString());
        Task task = scheduler(exchange)
                .find(id)
                .filter(found -> exchange.permission(found.cube()).isPresent())
                .orElseThrow(() -> new MemoryException(
                        ErrorCode.TASK_NOT_FOUND,
                        "There is no task " + id + ". Those that ended are forgotten after a while."));
        exchange.permitted(exchange.shown(task.cube()), needed);
        return task;
    }

    private static void await(Exchange exchange) {
        Task task = find(exchange, Permission.READ);
        Duration patience = Duration.ofMillis(exchange.query("timeout_ms", 30_000, 1, LONGEST_WAIT_MS));
        exchange.ok(shown(exchange, scheduler(exchange).await(task.id(), patience)));
    }

    private static void events(Exchange exchange) throws Exception {
        Task task = find(exchange, Permission.READ);
        TaskEvents.stream(exchange, task.id());
    }

    private static void cancel(Exchange exchange) {
        Task task = find(exchange, Permission.WRITE);
        boolean cancelled = scheduler(exchange).cancel(task.id());
        exchange.ok(Map.of("cancelled", cancelled));
    }

    private static void replay(Exchange exchange) {
        Task task = find(exchange, Permission.WRITE);
        exchange.ok(shown(exchange, scheduler(exchange).replay(task.id())));
    }

    private static void submit(Exchange exchange) {
        Body body = exchange.body();
        TaskRequest request = TaskRequest.of(TaskKind.parse(body.text("kind")));
        body.done();
        submit(exchange, request);
    }

    private static void maintain(Exchange exchange) {
        Duration patience = Duration.ofMillis(exchange.query("timeout_ms", 60_000, 1, LONGEST_WAIT_MS));
        exchange.ok(
                Map.of("complete", scheduler(exchange).maintain(exchange.cube().id(), patience)));
    }

    private static void status(Exchange exchange) {
        exchange.ok(Shapes.status(scheduler(exchange).status(exchange.cube().id())));
    }

    private static void switchOne(Exchange exchange, Consumer<io.memos4j.api.CubeId> change) {
        MemCube cube = exchange.cube();
        change.accept(cube.id());
        exchange.ok(Shapes.status(scheduler(exchange).status(cube.id())));
    }
}
