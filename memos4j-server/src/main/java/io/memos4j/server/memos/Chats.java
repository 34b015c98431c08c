package io.memos4j.server.memos;

import io.memos4j.api.ChatReply;
import io.memos4j.api.MemoryException;
import io.memos4j.server.http.Events;
import io.memos4j.server.http.Exchange;
import io.memos4j.server.http.Need;
import io.memos4j.server.http.Problem;
import io.memos4j.server.http.Route;
import io.memos4j.server.http.Surface;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/**
 * The routes of MemOS that answer in a language model's words. Two of them have one to answer with, if this server has; the others, and all
 * without one, say that there is none, as MemOS does.
 */
final class Chats implements Surface {
    private static final int UNAVAILABLE = 503;

    @Override
    public List<Route> routes() {
        Stream<Route> answered = Stream.of(
                Route.post("/product/chat/complete", Need.READ, answered(Chats::complete)),
                Route.post("/product/chat/stream", Need.READ, answered(Chats::stream)));
        Stream<Route> others = Stream.of("/chat/stream/playground", "/chat/stream/business_user", "/suggestions")
                .map(path -> Route.post("/product" + path, Need.READ, Chats::unavailable));
        return Stream.concat(answered, others).toList();
    }

    private static Route.Handler answered(Product.Call call) {
        Route.Handler checked = Product.checked(exchange -> call.answer(exchange, Form.body(exchange)));
        return exchange -> {
            if (exchange.memos().answers()) {
                checked.handle(exchange);
            } else {
                unavailable(exchange);
            }
        };
    }

    /** The one answer of MemOS without a code. */
    private static void complete(Exchange exchange, Form form) {
        ChatReply reply = Dialogue.of(exchange, form).answer(text -> true);
        Map<String, Object> data = new LinkedHashMap<>();
        data.put("response", reply.text());
        data.put("reasoning", null);
        Map<String, Object> json = new LinkedHashMap<>();
        json.put("message", "Chat completed successfully");
        json.put("data", data);
        exchange.ok(json);
    }

    /** What fails before the first word is answered like any other call. */
    private static void stream(Exchange exchange, Form form) {
        Dialogue dialogue = Dialogue.of(exchange, form);
        Events events = new Events(exchange);
        try {
            dialogue.answer(text -> text.isEmpty() || events.send(Map.of("type", "text", "data", text)));
        } catch (MemoryException e) {
            if (events.begun()) {
                events.send(Map.of("type", "error", "content", Problem.of(e).detail()));
            }
            throw e;
        }
    }

    private static void unavailable(Exchange exchange) {
        exchange.answer(
                UNAVAILABLE,
                Product.envelope(
                        UNAVAILABLE,
                        "Chat is not available: this server has no chat model for it. Search for memories and give them to a model"
                                + " of your own.",
                        null));
    }
}
