package io.memos4j.server.memos;

import io.memos4j.server.http.Exchange;
import io.memos4j.server.http.Need;
import io.memos4j.server.http.Problem;
import io.memos4j.server.http.Route;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** How routes of the self-hosted MemOS server read calls and write answers. */
final class Product {
    private static final int OK = 200;

    private Product() {}

    /** Answers a call whose fields have been taken in. */
    @FunctionalInterface
    interface Call {
        void answer(Exchange exchange, Form form);
    }

    static Route post(String path, Need need, Call call) {
        return Route.post("/product" + path, need, checked(exchange -> call.answer(exchange, Form.body(exchange))));
    }

    static Route get(String path, Need need, Call call) {
        return Route.get("/product" + path, need, checked(exchange -> call.answer(exchange, Form.query(exchange))));
    }

    /** Tells mistakes in the fields as MemOS does. */
    static Route.Handler checked(Route.Handler handler) {
        return exchange -> {
            try {
                handler.handle(exchange);
            } catch (InvalidForm e) {
                e.write(exchange);
            }
        };
    }

    static void answer(Exchange exchange, String message, @Nullable Object data) {
        exchange.ok(envelope(OK, message, data));
    }

    static void refuse(Exchange exchange, Problem problem) {
        exchange.answer(problem.status(), envelope(problem.status(), problem.detail(), null));
    }

    static Map<String, Object> envelope(int code, String message, @Nullable Object data) {
        Map<String, Object> json = new LinkedHashMap<>();
        json.put("code", code);
        json.put("message", message);
        json.put("data", data);
        return json;
    }
}
