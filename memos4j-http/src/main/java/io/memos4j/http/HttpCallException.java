package io.memos4j.http;

import java.io.IOException;
import java.net.ConnectException;
import java.net.http.HttpConnectTimeoutException;
import java.net.http.HttpTimeoutException;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * The failure of a call. Callers turn its {@link #kind()} into the exceptions of their own interface.
 *
 * <p>Messages may quote what a server says, and with it a key that was sent: see {@link SecretRedactor}.
 */
public final class HttpCallException extends IOException {
    private static final long serialVersionUID = 1L;

    private final HttpFailureKind kind;
    private final int status;
    private final String body;
    private final String retryAfter;

    private HttpCallException(HttpFailureKind kind, String message, @Nullable Throwable cause) {
        super(message, cause);
        this.kind = kind;
        this.status = 0;
        this.body = "";
        this.retryAfter = "";
    }

    /**
     * Creates the failure that a status stands for.
     *
     * @param body the answer, perhaps cut
     * @param retryAfter the header of that name, empty if there is none
     */
    public HttpCallException(int status, String body, String retryAfter) {
        super("HTTP " + status);
        this.kind = HttpFailureKind.ofStatus(status);
        this.status = status;
        this.body = body;
        this.retryAfter = retryAfter;
    }

    /** Classifies what the JDK's client threw; returns one of these as it is. */
    public static HttpCallException of(Throwable cause) {
        if (cause instanceof HttpCallException known) {
            return known;
        }
        HttpFailureKind kind = HttpFailureKind.CONNECTION_LOST;
        if (cause instanceof ConnectException || cause instanceof HttpConnectTimeoutException) {
            kind = HttpFailureKind.NOT_CONNECTED;
        } else if (cause instanceof HttpTimeoutException) {
            kind = HttpFailureKind.TIMED_OUT;
        }
        String message = cause.getMessage();
        String name = cause.getClass().getSimpleName();
        return new HttpCallException(kind, message == null ? name : name + ": " + message, cause);
    }

    static HttpCallException timedOut(WaitLimit limit) {
        return new HttpCallException(HttpFailureKind.TIMED_OUT, "no answer within " + limit, null);
    }

    static HttpCallException tooLarge(long maxBytes) {
        return new HttpCallException(HttpFailureKind.ANSWER_TOO_LARGE, "more than " + maxBytes + " bytes", null);
    }

    static HttpCallException cancelled() {
        return new HttpCallException(HttpFailureKind.CANCELLED, "the call was cancelled", null);
    }

    /** Tells whether the connection was not made in time, which is one way to be {@code NOT_CONNECTED}. */
    public boolean isConnectTimeout() {
        return getCause() instanceof HttpConnectTimeoutException;
    }

    public HttpFailureKind kind() {
        return kind;
    }

    /** The HTTP status; 0 if no complete answer came. */
    public int status() {
        return status;
    }

    /** The text of the answer, perhaps cut; empty if no complete answer came. */
    public String body() {
        return body;
    }

    /** The header {@code Retry-After}; empty if there was none. */
    public String retryAfter() {
        return retryAfter;
    }

    /** The reason in a few words, for messages. */
    public String reason() {
        return Objects.requireNonNullElse(getMessage(), kind.name());
    }
}
