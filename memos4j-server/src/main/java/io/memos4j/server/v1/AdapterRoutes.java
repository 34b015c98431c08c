package io.memos4j.server.v1;

import io.memos4j.api.ErrorCode;
import io.memos4j.api.ItemId;
import io.memos4j.api.MemoryException;
import io.memos4j.api.adapters.Adapter;
import io.memos4j.api.adapters.AdapterId;
import io.memos4j.api.adapters.LearningPolicy;
import io.memos4j.api.adapters.ParametricMemory;
import io.memos4j.api.adapters.ParametricMemory.Curriculum;
import io.memos4j.api.tasks.TaskRequest;
import io.memos4j.server.http.BoundedJson;
import io.memos4j.server.http.HttpExchange;
import io.memos4j.server.http.JsonBody;
import io.memos4j.server.http.RequiredAccess;
import io.memos4j.server.http.Route;
import io.memos4j.server.http.RouteGroup;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Collectors;

/** Routes for a cube's adapters: training, evaluation, activation, history. */
final class AdapterRoutes implements RouteGroup {
    private static final String ALL = "/v1/cubes/{cube}/adapters";
    private static final String POLICY = ALL + "/policy";
    private static final String ONE = ALL + "/{adapter}";
    private static final String LINES = "application/x-ndjson";
    private static final int LONGEST_WHY = 1_000;

    @Override
    public List<Route> routes() {
        return List.of(
                Route.get(ALL, RequiredAccess.READ, AdapterRoutes::list),
                Route.get(ALL + "/history", RequiredAccess.READ, AdapterRoutes::history),
                Route.get(
                        POLICY,
                        RequiredAccess.READ,
                        exchange -> show(exchange, memory(exchange).policy())),
                Route.put(POLICY, RequiredAccess.ADMIN, AdapterRoutes::policy),
                Route.post(ALL + "/curriculum", RequiredAccess.READ, AdapterRoutes::curriculum),
                Route.post(ALL + "/train", RequiredAccess.ADMIN, AdapterRoutes::train),
                Route.post(ALL + "/rollback", RequiredAccess.ADMIN, AdapterRoutes::rollback),
                Route.get(ONE, RequiredAccess.READ, AdapterRoutes::get),
                Route.get(ONE + "/taught", RequiredAccess.READ, AdapterRoutes::taught),
                Route.post(
                        ONE + "/evaluate",
                        RequiredAccess.ADMIN,
                        exchange -> change(exchange, memory(exchange)::evaluate)),
                Route.post(
                        ONE + "/activate",
                        RequiredAccess.ADMIN,
                        exchange -> change(exchange, memory(exchange)::activate)),
                Route.post(ONE + "/retire", RequiredAccess.ADMIN, AdapterRoutes::retire));
    }

    private static ParametricMemory memory(HttpExchange exchange) {
        return exchange.cube().adapters();
    }

    private static AdapterId id(HttpExchange exchange) {
        AdapterId id = AdapterId.parse(exchange.pathParameter("adapter"));
        exchange.auditTarget(id.toString());
        return id;
    }

    // Reading.

    private static void list(HttpExchange exchange) {
        exchange.ok(Map.of(
                "adapters",
                memory(exchange).list().stream().map(AdapterJson::adapter).toList()));
    }

    private static void get(HttpExchange exchange) {
        AdapterId id = id(exchange);
        exchange.ok(AdapterJson.adapter(memory(exchange)
                .find(id)
                .orElseThrow(() -> new MemoryException(
                        ErrorCode.ADAPTER_NOT_FOUND, "There is no adapter " + id + " in this cube."))));
    }

    private static void taught(HttpExchange exchange) {
        ApiJson render = ApiJson.of(exchange);
        exchange.ok(Map.of(
                "memories",
                memory(exchange).taught(id(exchange)).stream().map(render::item).toList()));
    }

    private static void history(HttpExchange exchange) {
        exchange.ok(Map.of(
                "changes",
                memory(exchange).history().stream().map(AdapterJson::change).toList()));
    }

    // Training.

    private static void show(HttpExchange exchange, LearningPolicy policy) {
        exchange.ok(AdapterJson.policy(policy));
    }

    private static void policy(HttpExchange exchange) {
        JsonBody body = exchange.body();
        if (!body.has("consent")) {
            throw MemoryException.invalid(
                    "Field 'consent' is missing. Send true to allow training, or false to stop it.");
        }
        LearningPolicy given = new LearningPolicy(
                body.flag("consent", false),
                body.flag("automatic", LearningPolicy.DEFAULT.automatic()),
                body.number("heat").orElse(LearningPolicy.DEFAULT.heat()),
                RetentionRoutes.duration(body, "stable").orElse(LearningPolicy.DEFAULT.stable()));
        body.rejectUnknownFields();
        memory(exchange).policy(given);
        show(exchange, given);
    }

    private static List<ItemId> items(HttpExchange exchange) {
        return exchange.optionalBody()
                .map(body -> {
                    List<ItemId> items =
                            body.texts("items").stream().map(ItemId::parse).toList();
                    body.rejectUnknownFields();
                    return items;
                })
                .orElse(List.of());
    }

    private static void curriculum(HttpExchange exchange) {
        Curriculum curriculum = memory(exchange).curriculum(items(exchange));
        if (exchange.header("Accept")
                .filter(accepted -> accepted.toLowerCase(Locale.ROOT).contains(LINES))
                .isPresent()) {
            String lines = curriculum.examples().stream()
                    .map(each -> BoundedJson.text(AdapterJson.example(each)) + "\n")
                    .collect(Collectors.joining());
            exchange.context().status(200).contentType(LINES).result(lines.getBytes(StandardCharsets.UTF_8));
        } else {
            exchange.ok(AdapterJson.curriculum(curriculum));
        }
    }

    /** Submits a training task. Rejects at once what the task would reject. */
    private static void train(HttpExchange exchange) {
        List<ItemId> items = items(exchange);
        TaskRequest request = TaskRequest.teaching(items);
        ParametricMemory memory = memory(exchange);
        if (!memory.policy().consent()) {
            throw new MemoryException(
                    ErrorCode.FORBIDDEN,
                    "The owner of this cube has not agreed to have a model trained on its memories."
                            + " PUT {\"consent\": true} to its adapters/policy first.");
        }
        if (!items.isEmpty()) {
            memory.curriculum(items);
        }
        TaskRoutes.submit(exchange, request);
    }

    // Serving.

    private static void change(HttpExchange exchange, Function<AdapterId, Adapter> change) {
        exchange.ok(AdapterJson.adapter(change.apply(id(exchange))));
    }

    private static void retire(HttpExchange exchange) {
        Optional<JsonBody> body = exchange.optionalBody();
        String why = body.map(each -> each.text("why", "")).orElse("");
        body.ifPresent(JsonBody::rejectUnknownFields);
        if (why.length() > LONGEST_WHY) {
            throw MemoryException.invalid("Field 'why' must have at most " + LONGEST_WHY + " characters.");
        }
        change(exchange, id -> memory(exchange).retire(id, why.isBlank() ? "It was asked for." : why));
    }

    private static void rollback(HttpExchange exchange) {
        JsonBody body = exchange.body();
        String name = new AdapterId(body.text("name"), 1).name();
        body.rejectUnknownFields();
        exchange.auditTarget(name);
        exchange.ok(AdapterJson.adapter(memory(exchange).rollback(name)));
    }
}
