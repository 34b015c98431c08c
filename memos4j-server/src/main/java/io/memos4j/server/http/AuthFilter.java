package io.memos4j.server.http;

import io.memos4j.api.CubeId;
import io.memos4j.api.ErrorCode;
import io.memos4j.api.MemoryException;
import io.memos4j.api.access.AuditEntry;
import io.memos4j.api.access.CallerIdentity;
import io.memos4j.core.MemOs;
import java.time.Instant;
import java.util.Locale;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Lets a call through to its handler, or not; and writes down who changed what. Thread-safe. */
final class AuthFilter {
    private static final Logger LOG = LoggerFactory.getLogger(AuthFilter.class);

    private final MemOs memos;
    private final RateLimiter rate;

    AuthFilter(MemOs memos, RateLimiter rate) {
        this.memos = memos;
        this.rate = rate;
    }

    /** Refuses who may not call this route. */
    void authorize(HttpExchange exchange) {
        RequiredAccess need = exchange.route().access();
        if (need == RequiredAccess.PUBLIC) {
            return;
        }
        CallerIdentity caller = findKey(exchange)
                .flatMap(memos.governance()::authenticate)
                .orElseThrow(() -> {
                    exchange.header("WWW-Authenticate", "Bearer realm=\"memos4j\"");
                    return new MemoryException(
                            ErrorCode.UNAUTHENTICATED,
                            "This needs a valid key. Send it as 'Authorization: Bearer m4j_…'.");
                });
        exchange.authenticated(caller);
        long wait = rate.acquire(caller.key().id());
        if (wait > 0) {
            exchange.header("Retry-After", Long.toString(wait));
            throw new MemoryException(
                    ErrorCode.RATE_LIMITED, "Too many calls with this key. Wait " + wait + " s and send it again.");
        }
        if (need == RequiredAccess.ADMINISTRATOR && !caller.principal().administrator()) {
            throw new MemoryException(ErrorCode.FORBIDDEN, "Only an administrator may do this.");
        }
        if (!caller.key().scope().includes(need.permission())) {
            throw new MemoryException(
                    ErrorCode.FORBIDDEN,
                    "This key only allows to " + caller.key().scope().id() + ". Use one with the scope "
                            + need.permission().id() + ".");
        }
        if (need == RequiredAccess.ADMINISTRATOR && !caller.key().cubes().isEmpty()) {
            throw new MemoryException(ErrorCode.FORBIDDEN, "This key opens some cubes only, not the server.");
        }
        if (exchange.route().hasCube()) {
            exchange.requirePermission(exchange.pathParameter("cube"), need.permission());
        }
    }

    /**
     * The key as any of the protocols sends it: {@code Authorization: Bearer}, {@code Token} or bare, or
     * {@code X-API-Key}.
     */
    private static Optional<String> findKey(HttpExchange exchange) {
        return exchange.header("Authorization").map(AuthFilter::credentials).or(() -> exchange.header("X-API-Key"));
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

    /**
     * Writes a call that may have changed something to the audit. The call has had its effect: a failure here is
     * logged, not answered.
     */
    void writeAudit(HttpExchange exchange, int status) {
        Optional<CallerIdentity> caller = exchange.caller();
        Optional<HttpExchange.RecordedChange> change = exchange.recordedChange();
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
                            change.map(HttpExchange.RecordedChange::action)
                                    .orElse(exchange.route().name()),
                            exchange.auditedCube().map(CubeId::value).orElse(""),
                            exchange.auditTarget(),
                            change.map(HttpExchange.RecordedChange::outcome).orElse(status),
                            exchange.requestId()));
        } catch (MemoryException e) {
            LOG.error(
                    "A call was answered, but the audit could not be written: {}",
                    exchange.route().name(),
                    e);
        }
    }
}
