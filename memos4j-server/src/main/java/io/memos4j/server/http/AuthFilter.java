package io.memos4j.server.http;

import io.memos4j.api.ErrorCode;
import io.memos4j.api.MemoryException;
import io.memos4j.api.access.CallerIdentity;
import io.memos4j.core.MemOs;
import java.util.Locale;
import java.util.Optional;

/** Authenticates and authorizes requests, applies the rate limit, and writes the audit. Thread-safe. */
final class AuthFilter {
    private static final int FAILED = 400;

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

    /**
     * Audits a request that ended. What it read and changed is in the audit already; this adds those that did neither,
     * were refused or failed. Requests that need no key are left out.
     */
    void writeAudit(HttpExchange exchange, int status) {
        if (exchange.route().access() == RequiredAccess.PUBLIC) {
            return;
        }
        if (status >= FAILED || !exchange.call().isRecorded()) {
            memos.audit().ended(exchange.call(), exchange.auditedCube(), exchange.auditTarget(), status);
        }
    }
}
