package io.memos4j.runtime.http;

import io.memos4j.api.ErrorCode;
import io.memos4j.api.MemoryException;
import io.memos4j.http.HttpCallException;
import io.memos4j.http.HttpFailureKind;
import io.memos4j.http.SecretRedactor;
import java.util.Locale;
import java.util.function.Supplier;
import tools.jackson.databind.JsonNode;

/**
 * Maps failures of a server to {@link MemoryException}. The key is struck out of what the server answers.
 *
 * @param server its address, named in every message
 * @param redactor knows the key
 */
record RuntimeFailureMapper(String server, SecretRedactor redactor) {
    private static final int SERVER_ERROR = 500;

    RuntimeFailureMapper(String server, String key) {
        this(server, new SecretRedactor(key));
    }

    /** Maps the failure of a call; one that was ended becomes {@code CLOSED}. */
    MemoryException of(String path, HttpCallException failure, RuntimeCall call) {
        return switch (failure.kind()) {
            case CANCELLED -> {
                call.requireRunning();
                yield new MemoryException(ErrorCode.CLOSED, "The runtime is closed.", failure);
            }
            case TIMED_OUT ->
                new MemoryException(
                        ErrorCode.TIMEOUT,
                        "The server " + server + " did not answer " + path + " in time: " + failure.reason()
                                + ". Allow more time, or ask for less.");
            case ANSWER_TOO_LARGE ->
                new MemoryException(
                        ErrorCode.RUNTIME_FAILED,
                        "The server " + server + " answers " + path + " with " + failure.reason()
                                + ". Check that it is an inference server.");
            case NOT_CONNECTED, CONNECTION_LOST ->
                new MemoryException(
                        ErrorCode.UPSTREAM_FAILED,
                        "No complete answer of the server " + server + " for " + path + ": " + excerpt(failure.reason())
                                + ". Check that it runs and can be reached.");
            default -> fromStatus(path, failure.status(), failure.body());
        };
    }

    /** Maps an HTTP status other than success. */
    MemoryException fromStatus(String path, int status, String body) {
        String answer = " (HTTP " + status + " for " + path + ", " + excerpt(body) + ")";
        return switch (HttpFailureKind.ofStatus(status)) {
            case UNAUTHORIZED ->
                failure(ErrorCode.RUNTIME_FAILED, "does not accept the key" + answer + ". Check the key");
            case NOT_FOUND ->
                failure(
                        ErrorCode.UNSUPPORTED,
                        "does not offer this" + answer
                                + ". Check the name of the model, how the server was started, and its version");
            case UPSTREAM_TIMEOUT -> failure(ErrorCode.TIMEOUT, "gave up waiting" + answer + ". Try again later");
            case REQUEST_TOO_LARGE -> failure(ErrorCode.TOO_LARGE, "does not take calls of this size" + answer);
            case RATE_LIMITED -> failure(ErrorCode.RATE_LIMITED, "is overloaded" + answer + ". Try again later");
            default -> byWords(status, body.toLowerCase(Locale.ROOT), answer);
        };
    }

    private MemoryException byWords(int status, String words, String answer) {
        if (status < SERVER_ERROR && words.contains("vocab")) {
            return failure(ErrorCode.INVALID_ARGUMENT, "does not know a token" + answer);
        }
        if (words.contains("context size") || words.contains("kv cache") || words.contains("context length")) {
            return failure(
                    ErrorCode.CONTEXT_FULL,
                    "has no space for these tokens" + answer + ". Close handles, or start it with a larger context");
        }
        return status >= SERVER_ERROR
                ? failure(ErrorCode.UPSTREAM_FAILED, "failed for now" + answer + ". Another try may succeed")
                : failure(ErrorCode.RUNTIME_FAILED, "refuses this call" + answer + ". Check its version and its log");
    }

    private MemoryException failure(ErrorCode code, String what) {
        return new MemoryException(code, "The server " + server + " " + what + ".");
    }

    /** Refuses an event that reports a failure instead of tokens. */
    void requireNoError(String path, JsonNode event) {
        if (event.has("error")) {
            JsonNode error = event.path("error");
            throw fromStatus(path, error.path("code").asInt(SERVER_ERROR), error.toString());
        }
    }

    /** Runs a call that applies the chat template; if the server fails at it, the turns are to blame. */
    JsonNode mapTemplateFailure(Supplier<JsonNode> call) {
        try {
            return call.get();
        } catch (MemoryException e) {
            if (e.code() != ErrorCode.RUNTIME_FAILED && e.code() != ErrorCode.UPSTREAM_FAILED) {
                throw e;
            }
            throw new MemoryException(
                    ErrorCode.INVALID_ARGUMENT,
                    "The chat template of this model does not accept these turns. " + e.getMessage(),
                    e);
        }
    }

    /** Creates the failure for an answer that cannot be used. */
    MemoryException unusableAnswer(String path, String what) {
        return new MemoryException(
                ErrorCode.UPSTREAM_FAILED,
                "The server " + server + " gave no usable answer for " + path + ": " + what
                        + ". Check its version, and whether a proxy answers in its place.");
    }

    /** Creates the failure for a server that was restarted without an adapter that it had. */
    MemoryException lostAdapter(String hash, String remedy) {
        return new MemoryException(
                ErrorCode.UPSTREAM_FAILED,
                "The server " + server + " does not have the adapter " + hash
                        + " anymore; it may have been restarted. Load the adapter again, then repeat the call. "
                        + remedy);
    }

    static MemoryException unsupported(String what, String remedy) {
        return new MemoryException(ErrorCode.UNSUPPORTED, what + " " + remedy);
    }

    static MemoryException interrupted(InterruptedException e) {
        Thread.currentThread().interrupt();
        return new MemoryException(ErrorCode.INTERRUPTED, "Interrupted while waiting for the server.", e);
    }

    String excerpt(String text) {
        return redactor.excerptOr(text, "no text");
    }
}
