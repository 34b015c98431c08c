package io.memos4j.http;

/** Reasons for which a call fails, whether by its connection, by a bound of ours or by the status of the answer. */
public enum HttpFailureKind {
    /** No connection came about, so the server has not begun the call. */
    NOT_CONNECTED(true),
    /** The connection broke before the answer was complete. */
    CONNECTION_LOST(true),
    /** The wait for the answer, or for its next bytes, took too long. */
    TIMED_OUT(true),
    /** The answer is longer than the caller takes. */
    ANSWER_TOO_LARGE(false),
    /** Another thread cancelled the call, or closed the transport. */
    CANCELLED(false),

    /** Status 3xx; redirects are not followed. */
    REDIRECTED(false),
    /** Status 400 or 422. */
    INVALID_REQUEST(false),
    /** Status 401 or 403. */
    UNAUTHORIZED(false),
    /** Status 404, 405, 410 or 501. */
    NOT_FOUND(false),
    /** Status 408 or 504. */
    UPSTREAM_TIMEOUT(true),
    /** Status 409 or 425. */
    CONFLICT(true),
    /** Status 413. */
    REQUEST_TOO_LARGE(false),
    /** Status 429. */
    RATE_LIMITED(true),
    /** Status 5xx, except for those above. */
    SERVER_ERROR(true),
    /** Any other status. */
    REFUSED(false);

    private final boolean retryable;

    HttpFailureKind(boolean retryable) {
        this.retryable = retryable;
    }

    /** Tells whether the same call may succeed later. */
    public boolean retryable() {
        return retryable;
    }

    /** Classifies an HTTP status other than success. */
    public static HttpFailureKind ofStatus(int status) {
        return switch (status) {
            case 400, 422 -> INVALID_REQUEST;
            case 401, 403 -> UNAUTHORIZED;
            case 404, 405, 410, 501 -> NOT_FOUND;
            case 408, 504 -> UPSTREAM_TIMEOUT;
            case 409, 425 -> CONFLICT;
            case 413 -> REQUEST_TOO_LARGE;
            case 429 -> RATE_LIMITED;
            default -> {
                if (status >= 500) {
                    yield SERVER_ERROR;
                }
                yield status >= 300 && status < 400 ? REDIRECTED : REFUSED;
            }
        };
    }
}
