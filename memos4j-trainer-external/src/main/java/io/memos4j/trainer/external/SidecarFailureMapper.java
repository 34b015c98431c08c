package io.memos4j.trainer.external;

import io.memos4j.api.ErrorCode;
import io.memos4j.api.MemoryException;
import io.memos4j.http.HttpCallException;
import io.memos4j.http.SecretRedactor;
import java.net.http.HttpRequest;
import tools.jackson.databind.JsonNode;

/** Maps failures of a sidecar to {@link MemoryException}. The key is struck out of what the sidecar answers. */
final class SidecarFailureMapper {
    private final String server;
    private final SecretRedactor redactor;

    SidecarFailureMapper(HttpTrainerOptions options) {
        this.server = options.server().toString();
        this.redactor = new SecretRedactor(options.apiKey());
    }

    /** Maps the failure of a call, which was repeated where that could help. */
    MemoryException of(HttpRequest call, HttpCallException failure) {
        String tries = failure.kind().retryable() ? ", tried " + HttpTrainer.RETRIES.tries() + " times" : "";
        return switch (failure.kind()) {
            case ANSWER_TOO_LARGE -> unusableAnswer(call, "it has " + failure.reason());
            case NOT_CONNECTED, CONNECTION_LOST, TIMED_OUT, CANCELLED ->
                new MemoryException(
                        ErrorCode.UPSTREAM_FAILED,
                        "No answer of the sidecar " + server + " for " + name(call) + tries + ": "
                                + excerpt(failure.reason()) + ". Check that it runs and can be reached.",
                        failure);
            default -> fromStatus(call, failure);
        };
    }

    private MemoryException fromStatus(HttpRequest call, HttpCallException failure) {
        String text = excerpt(failure.body());
        String answer = " (HTTP " + failure.status() + " for " + name(call) + (text.isEmpty() ? "" : ", " + text) + ")";
        return switch (failure.kind()) {
            case REDIRECTED ->
                failure(
                        ErrorCode.RUNTIME_FAILED,
                        "redirects" + answer + ", where neither data nor key go. Name its final address");
            case INVALID_REQUEST ->
                failure(ErrorCode.INVALID_ARGUMENT, "does not accept this request" + answer + ". Change what it names");
            case UNAUTHORIZED ->
                failure(ErrorCode.RUNTIME_FAILED, "does not accept the key" + answer + ". Check the key");
            case NOT_FOUND ->
                failure(
                        ErrorCode.RUNTIME_FAILED,
                        "does not have this" + answer + ". Check its address, and whether it was restarted");
            case REQUEST_TOO_LARGE ->
                failure(
                        ErrorCode.TOO_LARGE,
                        "does not accept requests of this size" + answer + ". Train on fewer examples at once");
            case RATE_LIMITED -> failure(ErrorCode.RATE_LIMITED, "is overloaded" + answer + ". Try again later");
            default ->
                failure.kind().retryable()
                        ? failure(
                                ErrorCode.UPSTREAM_FAILED,
                                "keeps failing" + answer + ". Try again later; look into its log")
                        : failure(ErrorCode.RUNTIME_FAILED, "refuses this call" + answer + ". Check its version");
        };
    }

    MemoryException unusableAnswer(HttpRequest call, String what) {
        return failure(
                ErrorCode.RUNTIME_FAILED,
                "gave no usable answer for " + name(call) + ": " + what
                        + ". Check its version, and whether a proxy answers in its place");
    }

    /** Maps the failure that a sidecar reports of a training. */
    MemoryException ofReport(JsonNode state) {
        return TrainingFailureMapper.fromExitCode(
                state.path("code").asInt(1),
                "The sidecar " + server,
                excerpt(state.path("error").asString("")));
    }

    /** Creates the failure for a state that the contract does not have. */
    MemoryException unknownState(JsonNode state) {
        return failure(
                ErrorCode.RUNTIME_FAILED,
                "is in the state '" + excerpt(state.path("state").asString(""))
                        + "'; known are running, done and failed. Check its version");
    }

    private MemoryException failure(ErrorCode code, String what) {
        return new MemoryException(code, "The sidecar " + server + " " + what + ".");
    }

    private static String name(HttpRequest call) {
        return call.method() + " " + call.uri().getPath();
    }

    /** Shortens a text of the sidecar for a message, without the key. */
    String excerpt(String text) {
        return redactor.excerpt(text);
    }
}
