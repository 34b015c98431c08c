package io.memos4j.server.memos;

import io.memos4j.server.http.HttpExchange;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/** Reports invalid fields of a request. */
final class FormValidationException extends RuntimeException {
    private static final long serialVersionUID = 1;
    private static final int STATUS = 422;

    private final transient List<FieldViolation> violations;

    FormValidationException(List<FieldViolation> violations) {
        super(violations.stream().map(FieldViolation::toString).collect(Collectors.joining("; ")));
        this.violations = List.copyOf(violations);
    }

    void write(HttpExchange exchange) {
        Map<String, Object> json = new LinkedHashMap<>();
        json.put("code", STATUS);
        json.put(
                "message",
                "Parameter validation error on " + exchange.route().method() + " "
                        + exchange.context().path() + ": " + getMessage());
        json.put("detail", violations.stream().map(FieldViolation::detail).toList());
        json.put("data", null);
        exchange.respond(STATUS, json);
    }
}
