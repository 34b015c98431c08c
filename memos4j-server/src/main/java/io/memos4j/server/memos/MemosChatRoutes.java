package io.memos4j.server.memos;

import io.memos4j.api.MemoryException;
import io.memos4j.api.chat.ChatReply;
import io.memos4j.server.http.HttpExchange;
import io.memos4j.server.http.ProblemDetail;
import io.memos4j.server.http.RequiredAccess;
import io.memos4j.server.http.Route;
import io.memos4j.server.http.RouteGroup;
import io.memos4j.server.http.SseResponse;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/**
 * MemOS's chat routes. Two of them work if this server has a chat model; the others, and all of them without a model,
 * respond that chat is not available, as MemOS does.
 */
final class MemosChatRoutes implements RouteGroup {
    private static final int UNAVAILABLE = 503;

    @Override
    public List<Route> routes() {
        Stream<Route> answered = Stream.of(
                Route.post("/product/chat/complete", RequiredAccess.READ, requireModel(MemosChatRoutes::complete))
                        .waiting(),
                Route.post("/product/chat/stream", RequiredAccess.READ, requireModel(MemosChatRoutes::stream))
                        .waiting());
        Stream<Route> others = Stream.of("/chat/stream/playground", "/chat/stream/business_user", "/suggestions")
                .map(path -> Route.post("/product" + path, RequiredAccess.READ, MemosChatRoutes::unavailable));
        return Stream.concat(answered, others).toList();
    }

    private static Route.Handler requireModel(ProductProtocol.Call call) {
        Route.Handler checked =
                ProductProtocol.validated(exchange -> call.answer(exchange, MemosRequestForm.body(exchange)));
        return exchange -> {
            if (exchange.memos().canChat()) {
                checked.handle(exchange);
            } else {
                unavailable(exchange);
            }
        };
    }

    /** Responds without a code, the only such response of MemOS. */
    private static void complete(HttpExchange exchange, MemosRequestForm form) {
        ChatReply reply = MemosChat.of(exchange, form).answer(text -> true);
        Map<String, Object> data = new LinkedHashMap<>();
        data.put("response", reply.text());
        data.put("reasoning", null);
        Map<String, Object> json = new LinkedHashMap<>();
        json.put("message", "Chat completed successfully");
        json.put("data", data);
        exchange.ok(json);
    }

    /** Streams the reply. A failure before the first token is reported like any other. */
    private static void stream(HttpExchange exchange, MemosRequestForm form) {
        MemosChat chat = MemosChat.of(exchange, form);
        SseResponse events = new SseResponse(exchange);
        try {
            chat.answer(text -> text.isEmpty() || events.send(Map.of("type", "text", "data", text)));
        } catch (MemoryException e) {
            if (events.hasStarted()) {
                events.send(
                        Map.of("type", "error", "content", ProblemDetail.of(e).detail()));
                exchange.recordFailure(exchange.route().name(), e.code().httpStatus());
            }
            throw e;
        }
    }

    private static void unavailable(HttpExchange exchange) {
        exchange.respond(
                UNAVAILABLE,
                ProductProtocol.envelope(
                        UNAVAILABLE,
                        "Chat is not available: this server has no chat model. Search for memories and pass them to"
                                + " a model of your own.",
                        null));
    }
}
