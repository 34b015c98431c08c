package io.memos4j.server.http;

import io.memos4j.api.ErrorCode;
import io.memos4j.api.MemoryException;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.CompletionException;
import tools.jackson.core.JacksonException;

/**
 * The cause of a failed request, as an RFC 9457 problem.
 *
 * @param code stable
 * @param status the HTTP status
 * @param detail what failed, on what, and what to do
 */
public record ProblemDetail(ErrorCode code, int status, String detail) {
    private static final String TYPE = "urn:memos4j:error:";

    public static ProblemDetail of(Throwable failure) {
        return switch (failure) {
            case MemoryException e -> of(e.code(), e.getMessage());
            case JacksonException e ->
                of(ErrorCode.INVALID_ARGUMENT, "The body is not JSON: " + e.getOriginalMessage());
            case CompletionException e when e.getCause() != null -> of(e.getCause());
            default ->
                of(ErrorCode.INTERNAL, "Internal error. The server's log has the cause, under the id of this request.");
        };
    }

    static ProblemDetail of(ErrorCode code, String detail) {
        return new ProblemDetail(code, code.httpStatus(), detail);
    }

    /** Returns a copy with a more specific HTTP status. */
    ProblemDetail withStatus(int newStatus) {
        return new ProblemDetail(code, newStatus, detail);
    }

    void write(HttpExchange exchange) {
        write(exchange, this);
    }

    static void write(HttpExchange exchange, ProblemDetail problem) {
        exchange.respond(problem.status, problem.json(exchange.requestId()));
        exchange.contentType("application/problem+json");
    }

    /** Returns the JSON form that is sent. */
    public Map<String, Object> json(String requestId) {
        Map<String, Object> json = new LinkedHashMap<>();
        json.put("type", TYPE + code.id());
        json.put("title", code.id().replace('_', ' '));
        json.put("status", status);
        json.put("detail", detail);
        json.put("code", code.id());
        json.put("retryable", code.retryable());
        json.put("request_id", requestId);
        return json;
    }
}
