package io.memos4j.server.http;

import java.util.List;

/** A family of routes that speaks one protocol. */
public interface RouteGroup {
    List<Route> routes();

    /** How this protocol says that a call failed. */
    default ErrorWriter errorWriter() {
        return ProblemDetail::write;
    }

    /** Writes a failure in the shape that the protocol's clients understand. */
    @FunctionalInterface
    interface ErrorWriter {
        void write(HttpExchange exchange, ProblemDetail problem);
    }
}
