package io.memos4j.runtime.http;

import io.memos4j.api.ErrorCode;
import io.memos4j.api.MemoryException;
import java.time.Duration;
import java.util.Locale;
import java.util.Optional;
import java.util.function.Supplier;
import tools.jackson.databind.JsonNode;

/**
 * Says why a call to a server failed. The key is struck out of what the server answers.
 *
 * @param server its address, named in every message
 * @param key the secret, empty if there is none
 */
record RuntimeFailureMapper(String server, String key) {
    private static final int EXCERPT = 300;
    private static final int SERVER_ERROR = 500;

    /** The failure that stands for an HTTP status other than success. */
    MemoryException fromStatus(String path, int status, String body) {
        String words = body.toLowerCase(Locale.ROOT);
        String answer = " (HTTP " + status + " for " + path + ", " + excerpt(body) + ")";
        return switch (status) {
            case 401, 403 ->
                new MemoryException(
                        ErrorCode.RUNTIME_FAILED,
                        "The server " + server + " does not let us in" + answer + ". Check its key.");
            case 404, 405, 501 ->
                new MemoryException(
                        ErrorCode.UNSUPPORTED,
                        "The server " + server + " does not offer this" + answer
                                + ". Check the name of the model, how it was started, and its version.");
            case 408, 504 ->
                new MemoryException(
                        ErrorCode.TIMEOUT, "The server " + server + " gave up waiting" + answer + ". Try again later.");
            case 413 ->
                new MemoryException(
                        ErrorCode.TOO_LARGE, "The server " + server + " takes no call of this size" + answer + ".");
            case 429 ->
                new MemoryException(
                        ErrorCode.RATE_LIMITED,
                        "The server " + server + " has too much to do" + answer + ". Try again later.");
            default -> other(status, words, answer);
        };
    }

    private MemoryException other(int status, String words, String answer) {
        if (status < SERVER_ERROR && words.contains("vocab")) {
            return MemoryException.invalid("The server " + server + " does not know a token" + answer + ".");
        }
        if (words.contains("context size") || words.contains("kv cache") || words.contains("context length")) {
            return new MemoryException(
                    ErrorCode.CONTEXT_FULL,
                    "The server " + server + " has no room for these tokens" + answer
                            + ". Close handles, or start it with a larger context.");
        }
        return status >= SERVER_ERROR
                ? new MemoryException(
                        ErrorCode.UPSTREAM_FAILED,
                        "The server " + server + " failed for now" + answer + ". Another try may succeed.")
                : new MemoryException(
                        ErrorCode.RUNTIME_FAILED,
                        "The server " + server + " refuses this call" + answer + ". Check its version and its log.");
    }

    /** Refuses an event that tells of a failure instead of tokens. */
    void requireNoError(String path, JsonNode event) {
        if (event.has("error")) {
            JsonNode error = event.path("error");
            throw fromStatus(path, error.path("code").asInt(SERVER_ERROR), error.toString());
        }
    }

    /** What a template writes; if the server cannot run it on these turns, the turns are wrong. */
    JsonNode mapTemplateFailure(Supplier<JsonNode> call) {
        try {
            return call.get();
        } catch (MemoryException e) {
            if (e.code() != ErrorCode.RUNTIME_FAILED && e.code() != ErrorCode.UPSTREAM_FAILED) {
                throw e;
            }
            throw new MemoryException(
                    ErrorCode.INVALID_ARGUMENT,
                    "The chat template of this model does not take these turns. " + e.getMessage(),
                    e);
        }
    }

    /** No connection, or one that broke off. */
    MemoryException connectionLost(String path, Throwable cause) {
        return new MemoryException(
                ErrorCode.UPSTREAM_FAILED,
                "No complete answer of the server " + server + " for " + path + ": "
                        + cause.getClass().getSimpleName()
                        + Optional.ofNullable(cause.getMessage())
                                .map(each -> ": " + excerpt(each))
                                .orElse("")
                        + ". Check that it runs and can be reached.");
    }

    /** An answer that cannot be used. */
    MemoryException unusableAnswer(String path, String what) {
        return new MemoryException(
                ErrorCode.UPSTREAM_FAILED,
                "The server " + server + " gave no usable answer for " + path + ": " + what
                        + ". Check its version, and whether a proxy answers in its place.");
    }

    /** An answer of more bytes than are taken. */
    MemoryException tooLarge(String path, long most) {
        return new MemoryException(
                ErrorCode.RUNTIME_FAILED,
                "The server " + server + " answers " + path + " with more than " + most
                        + " bytes. Check that it is an inference server.");
    }

    MemoryException timeout(String path, Duration timeout) {
        return new MemoryException(
                ErrorCode.TIMEOUT,
                "The server " + server + " did not answer " + path + " within " + timeout.toMillis()
                        + " ms. Allow more, or ask less.");
    }

    /** The server was started anew without an adapter that it had. */
    MemoryException lostAdapter(String hash, String remedy) {
        return new MemoryException(
                ErrorCode.UPSTREAM_FAILED,
                "The server " + server + " does not have the adapter " + hash
                        + " any more; it may have been started anew. Load the adapter again, then repeat the call. "
                        + remedy);
    }

    static MemoryException unsupported(String what, String remedy) {
        return new MemoryException(ErrorCode.UNSUPPORTED, what + " " + remedy);
    }

    @Override
    public String toString() {
        return "Failures[server=" + server + "]";
    }

    String excerpt(String text) {
        String plain = (key.isEmpty() ? text : text.replace(key, "***")).strip().replaceAll("\\s+", " ");
        return plain.isEmpty() ? "no text" : plain.length() <= EXCERPT ? plain : plain.substring(0, EXCERPT) + "…";
    }
}
