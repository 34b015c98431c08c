package io.memos4j.server.http;

import java.util.List;

/** A group of routes that share a protocol, and its way to report errors. */
public interface RouteGroup {
    List<Route> routes();

    /** Returns the writer of this protocol's error responses. */
    default ErrorWriter errorWriter() {
        return ProblemDetail::write;
    }

    /** Writes an error response in the form that the protocol's clients understand. */
    @FunctionalInterface
    interface ErrorWriter {
        void write(HttpExchange exchange, ProblemDetail problem);
    }
}
