package io.memos4j.server.http;

import java.util.List;

/** A family of routes that speaks one protocol. */
public interface Surface {
    List<Route> routes();

    /** How this protocol says that a call failed. */
    default Refusal refusal() {
        return Problem::write;
    }

    /** Writes a failure in the shape that the protocol's clients understand. */
    @FunctionalInterface
    interface Refusal {
        void write(Exchange exchange, Problem problem);
    }
}
