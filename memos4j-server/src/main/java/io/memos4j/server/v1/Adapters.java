package io.memos4j.server.v1;

import io.memos4j.api.Adapter;
import io.memos4j.api.AdapterId;
import io.memos4j.api.ErrorCode;
import io.memos4j.api.ItemId;
import io.memos4j.api.LearningPolicy;
import io.memos4j.api.MemoryException;
import io.memos4j.api.ParametricMemory;
import io.memos4j.api.ParametricMemory.Curriculum;
import io.memos4j.api.TaskRequest;
import io.memos4j.server.http.Body;
import io.memos4j.server.http.Exchange;
import io.memos4j.server.http.Json;
import io.memos4j.server.http.Need;
import io.memos4j.server.http.Route;
import io.memos4j.server.http.Surface;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Collectors;

/** What the model was taught of a cube: its adapters, how they came to be, which are in use. */
final class Adapters implements Surface {
    private static final String ALL = "/v1/cubes/{cube}/adapters";
    private static final String POLICY = ALL + "/policy";
    private static final String ONE = ALL + "/{adapter}";
    private static final String LINES = "application/x-ndjson";
    private static final int LONGEST_WHY = 1_000;

    @Override
    public List<Route> routes() {
        return List.of(
                Route.get(ALL, Need.READ, Adapters::list),
                Route.get(ALL + "/history", Need.READ, Adapters::history),
                Route.get(
                        POLICY,
                        Need.READ,
                        exchange -> show(exchange, memory(exchange).policy())),
                Route.put(POLICY, Need.ADMIN, Adapters::policy),
                Route.post(ALL + "/curriculum", Need.READ, Adapters::curriculum),
                Route.post(ALL + "/train", Need.ADMIN, Adapters::train),
                Route.post(ALL + "/rollback", Need.ADMIN, Adapters::rollback),
                Route.get(ONE, Need.READ, Adapters::get),
                Route.get(ONE + "/taught", Need.READ, Adapters::taught),
                Route.post(ONE + "/evaluate", Need.ADMIN, exchange -> change(exchange, memory(exchange)::evaluate)),
                Route.post(ONE + "/activate", Need.ADMIN, exchange -> change(exchange, memory(exchange)::activate)),
                Route.post(ONE + "/retire", Need.ADMIN, Adapters::retire));
    }

    private static ParametricMemory memory(Exchange exchange) {
        return exchange.cube().adapters();
    }

    private static AdapterId id(Exchange exchange) {
        AdapterId id = AdapterId.parse(exchange.path("adapter"));
        exchange.target(id.toString());
        return id;
    }

    // Looking.

    private static void list(Exchange exchange) {
        exchange.ok(Map.of(
                "adapters",
                memory(exchange).list().stream().map(AdapterShapes::adapter).toList()));
    }

    private static void get(Exchange exchange) {
        AdapterId id = id(exchange);
        exchange.ok(AdapterShapes.adapter(memory(exchange)
                .find(id)
                .orElseThrow(() -> new MemoryException(
                        ErrorCode.ADAPTER_NOT_FOUND, "There is no adapter " + id + " in this cube."))));
    }

    private static void taught(Exchange exchange) {
        Shapes shapes = new Shapes(exchange::shown);
        exchange.ok(Map.of(
                "memories",
                memory(exchange).taught(id(exchange)).stream().map(shapes::item).toList()));
    }

    private static void history(Exchange exchange) {
        exchange.ok(Map.of(
                "changes",
                memory(exchange).history().stream().map(AdapterShapes::change).toList()));
    }

    // What is taught.

    private static void show(Exchange exchange, LearningPolicy policy) {
        exchange.ok(AdapterShapes.policy(policy));
    }

    private static void policy(Exchange exchange) {
        Body body = exchange.body();
        if (!body.has("consent")) {
            throw MemoryException.invalid(
                    "Field 'consent' is missing. Give true, or false to have nothing taught any more.");
        }
        LearningPolicy given = new LearningPolicy(
                body.flag("consent", false),
                body.flag("automatic", LearningPolicy.DEFAULT.automatic()),
                body.number("heat").orElse(LearningPolicy.DEFAULT.heat()),
                Aging.span(body, "stable").orElse(LearningPolicy.DEFAULT.stable()));
        body.done();
        memory(exchange).policy(given);
        show(exchange, given);
    }

    private static List<ItemId> items(Exchange exchange) {
        return optional(exchange)
                .map(body -> {
                    List<ItemId> items =
                            body.texts("items").stream().map(ItemId::parse).toList();
                    body.done();
                    return items;
                })
                .orElse(List.of());
    }

    /** The body of a call that needs none. */
    private static Optional<Body> optional(Exchange exchange) {
        return exchange.context().req().getContentLengthLong() == 0 ? Optional.empty() : Optional.of(exchange.body());
    }

    private static void curriculum(Exchange exchange) {
        Curriculum curriculum = memory(exchange).curriculum(items(exchange));
        if (exchange.header("Accept")
                .filter(accepted -> accepted.toLowerCase(Locale.ROOT).contains(LINES))
                .isPresent()) {
            String lines = curriculum.examples().stream()
                    .map(each -> Json.text(AdapterShapes.example(each)) + "\n")
                    .collect(Collectors.joining());
            exchange.context().status(200).contentType(LINES).result(lines.getBytes(StandardCharsets.UTF_8));
        } else {
            exchange.ok(AdapterShapes.curriculum(curriculum));
        }
    }

    /** Refuses at once what the task would be refused. */
    private static void train(Exchange exchange) {
        List<ItemId> items = items(exchange);
        TaskRequest request = TaskRequest.teaching(items);
        ParametricMemory memory = memory(exchange);
        if (!memory.policy().consent()) {
            throw new MemoryException(
                    ErrorCode.FORBIDDEN,
                    "The owner of this cube has not agreed that its memories are taught to a model. PUT {\"consent\": true} to its"
                            + " adapters/policy first.");
        }
        if (!items.isEmpty()) {
            memory.curriculum(items);
        }
        Tasks.submit(exchange, request);
    }

    // What is in use.

    private static void change(Exchange exchange, Function<AdapterId, Adapter> change) {
        exchange.ok(AdapterShapes.adapter(change.apply(id(exchange))));
    }

    private static void retire(Exchange exchange) {
        Optional<Body> body = optional(exchange);
        String why = body.map(each -> each.text("why", "")).orElse("");
        body.ifPresent(Body::done);
        if (why.length() > LONGEST_WHY) {
            throw MemoryException.invalid("Field 'why' has at most " + LONGEST_WHY + " characters.");
        }
        change(exchange, id -> memory(exchange).retire(id, why.isBlank() ? "It was asked for." : why));
    }

    private static void rollback(Exchange exchange) {
        Body body = exchange.body();
        String name = new AdapterId(body.text("name"), 1).name();
        body.done();
        exchange.target(name);
        exchange.ok(AdapterShapes.adapter(memory(exchange).rollback(name)));
    }
}
