package io.memos4j.server.http;

import io.memos4j.api.AuditEntry;
import io.memos4j.api.CubeId;
import io.memos4j.api.ErrorCode;
import io.memos4j.api.Identity;
import io.memos4j.api.MemoryException;
import io.memos4j.core.MemOs;
import java.time.Instant;
import java.util.Locale;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Lets a call through to its handler, or not; and writes down who changed what. Thread-safe. */
final class Gate {
    private static final Logger LOG = LoggerFactory.getLogger(Gate.class);

    private final MemOs memos;
    private final RateLimit rate;

    Gate(MemOs memos, RateLimit rate) {
        this.memos = memos;
        this.rate = rate;
    }

    /** Refuses who may not call this route. */
    void pass(Exchange exchange) {
        Need need = exchange.route().need();
        if (need == Need.NOTHING) {
            return;
        }
        Identity caller = secret(exchange)
                .flatMap(memos.governance()::authenticate)
                .orElseThrow(() -> {
                    exchange.header("WWW-Authenticate", "Bearer realm=\"memos4j\"");
                    return new MemoryException(
                            ErrorCode.UNAUTHENTICATED,
                            "This needs a valid key. Send it as 'Authorization: Bearer m4j_…'.");
                });
        exchange.admit(caller);
        long wait = rate.take(caller.key().id());
        if (wait > 0) {
            exchange.header("Retry-After", Long.toString(wait));
            throw new MemoryException(
                    ErrorCode.RATE_LIMITED, "Too many calls with this key. Wait " + wait + " s and send it again.");
        }
        if (need == Need.SERVER && !caller.principal().administrator()) {
            throw new MemoryException(ErrorCode.FORBIDDEN, "Only an administrator may do this.");
        }
        if (!caller.key().scope().includes(need.permission())) {
            throw new MemoryException(
                    ErrorCode.FORBIDDEN,
                    "This key only allows to " + caller.key().scope().id() + ". Use one with the scope "
                            + need.permission().id() + ".");
        }
        if (need == Need.SERVER && !caller.key().cubes().isEmpty()) {
            throw new MemoryException(ErrorCode.FORBIDDEN, "This key opens some cubes only, not the server.");
        }
        if (exchange.route().aboutCube()) {
            exchange.permitted(exchange.path("cube"), need.permission());
        }
    }

    /** The key as any of the protocols sends it: {@code Authorization: Bearer}, {@code Token} or bare, or {@code X-API-Key}. */
    private static Optional<String> secret(Exchange exchange) {
        return exchange.header("Authorization").map(Gate::credentials).or(() -> exchange.header("X-API-Key"));
    }

    private static String credentials(String header) {
        String text = header.strip();
        int space = text.indexOf(' ');
        String scheme = text.substring(0, Math.max(0, space)).toLowerCase(Locale.ROOT);
        return switch (scheme) {
            case "bearer", "token", "api-key" -> text.substring(space + 1).strip();
            default -> text;
        };
    }

    /** Writes a call that may have changed something to the audit. The call has had its effect: a failure here is logged, not answered. */
    void note(Exchange exchange, int status) {
        Optional<Identity> caller = exchange.caller();
        Optional<Exchange.Change> change = exchange.change();
        if (caller.isEmpty() || (change.isEmpty() && !exchange.route().audited())) {
            return;
        }
        try {
            memos.governance()
                    .record(new AuditEntry(
                            0,
                            Instant.now(),
                            caller.get().principal().name(),
                            caller.get().key().id(),
                            change.map(Exchange.Change::action)
                                    .orElse(exchange.route().name()),
                            exchange.about().map(CubeId::value).orElse(""),
                            exchange.target(),
                            change.map(Exchange.Change::outcome).orElse(status),
                            exchange.requestId()));
        } catch (MemoryException e) {
            LOG.error(
                    "A call was answered, but the audit could not be written: {}",
                    exchange.route().name(),
                    e);
        }
    }
}
