package io.memos4j.server.memos;

import io.memos4j.server.http.HttpExchange;
import io.memos4j.server.http.ProblemDetail;
import io.memos4j.server.http.RequiredAccess;
import io.memos4j.server.http.Route;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The requests and responses of the self-hosted MemOS server. */
final class ProductProtocol {
    private static final int OK = 200;

    private ProductProtocol() {}

    /** Handles a request whose body has been parsed. */
    @FunctionalInterface
    interface Call {
        void answer(HttpExchange exchange, MemosRequestForm form);
    }

    static Route post(String path, RequiredAccess need, Call call) {
        return Route.post(
                "/product" + path, need, validated(exchange -> call.answer(exchange, MemosRequestForm.body(exchange))));
    }

    static Route get(String path, RequiredAccess need, Call call) {
        return Route.get(
                "/product" + path,
                need,
                validated(exchange -> call.answer(exchange, MemosRequestForm.query(exchange))));
    }

    /** Wraps a handler so that violations are reported as MemOS does. */
    static Route.Handler validated(Route.Handler handler) {
        return exchange -> {
            try {
                handler.handle(exchange);
            } catch (FormValidationException e) {
                e.write(exchange);
            }
        };
    }

    static void answer(HttpExchange exchange, String message, @Nullable Object data) {
        exchange.ok(envelope(OK, message, data));
    }

    static void refuse(HttpExchange exchange, ProblemDetail problem) {
        exchange.respond(problem.status(), envelope(problem.status(), problem.detail(), null));
    }

    static Map<String, Object> envelope(int code, String message, @Nullable Object data) {
        Map<String, Object> json = new LinkedHashMap<>();
        json.put("code", code);
        json.put("message", message);
        json.put("data", data);
        return json;
    }
}
