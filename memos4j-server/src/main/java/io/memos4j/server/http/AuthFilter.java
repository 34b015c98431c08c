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

/** Authenticates and authorizes requests, applies the rate limit, and writes the audit. Thread-safe. */
final class AuthFilter {
    private static final Logger LOG = LoggerFactory.getLogger(AuthFilter.class);

    private final MemOs memos;
    private final RateLimiter rate;

    AuthFilter(MemOs memos, RateLimiter rate) {
        this.memos = memos;
        this.rate = rate;
    }

    /**
     * Checks the caller's key against what the route requires.
     *
     * @throws MemoryException if the request must be rejected
     */
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
                            "This requires a valid key. Send it as 'Authorization: Bearer m4j_…'.");
                });
        exchange.authenticated(caller);
        long wait = rate.acquire(caller.key().id());
        if (wait > 0) {
            exchange.header("Retry-After", Long.toString(wait));
            throw new MemoryException(
                    ErrorCode.RATE_LIMITED, "Too many requests with this key. Try again in " + wait + " s.");
        }
        if (need == RequiredAccess.ADMINISTRATOR && !caller.principal().administrator()) {
            throw new MemoryException(ErrorCode.FORBIDDEN, "Only an administrator may do this.");
        }
        if (!caller.key().scope().includes(need.permission())) {
            throw new MemoryException(
                    ErrorCode.FORBIDDEN,
                    "The scope of this key is " + caller.key().scope().id() + ". Use a key with the scope "
                            + need.permission().id() + ".");
        }
        if (need == RequiredAccess.ADMINISTRATOR && !caller.key().cubes().isEmpty()) {
            throw new MemoryException(
                    ErrorCode.FORBIDDEN, "This key is limited to certain cubes and cannot administer the server.");
        }
        if (exchange.route().hasCube()) {
            exchange.requirePermission(exchange.pathParameter("cube"), need.permission());
        }
    }

    /** Returns the key, sent as {@code Authorization: Bearer}, {@code Token} or bare, or as {@code X-API-Key}. */
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

    /** Audits a request that may have changed something. It already took effect, so a failure here is only logged. */
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
                    "A request was handled, but could not be written to the audit: {}",
                    exchange.route().name(),
                    e);
        }
    }
}
