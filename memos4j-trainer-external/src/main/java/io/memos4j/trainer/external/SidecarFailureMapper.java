package io.memos4j.trainer.external;

import io.memos4j.api.ErrorCode;
import io.memos4j.api.MemoryException;
import java.io.IOException;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import tools.jackson.databind.JsonNode;

/** Says why a call to a sidecar failed. The key is struck out of what the sidecar answers. */
final class SidecarFailureMapper {
    private static final int EXCERPT = 300;

    private final HttpTrainerOptions options;

    SidecarFailureMapper(HttpTrainerOptions options) {
        this.options = options;
    }

    /** Whether the same call may do better later. */
    static boolean isTransient(int status) {
        return status == 408 || status == 429 || status == 500 || status >= 502 && status <= 504;
    }

    /** The failure that stands for a status that was not asked for. */
    MemoryException fromStatus(HttpRequest call, HttpResponse<byte[]> answer) {
        int status = answer.statusCode();
        String text = excerpt(new String(answer.body(), StandardCharsets.UTF_8));
        String what = " (HTTP " + status + " for " + name(call) + (text.isEmpty() ? "" : ", " + text) + ")";
        if (status >= 300 && status < 400) {
            return failure(
                    ErrorCode.RUNTIME_FAILED,
                    "sends us elsewhere" + what + ", where neither data nor key go. Name its final address");
        }
        return switch (status) {
            case 400, 422 ->
                failure(ErrorCode.INVALID_ARGUMENT, "does not take this request" + what + ". Change what it names");
            case 401, 403 -> failure(ErrorCode.RUNTIME_FAILED, "does not let us in" + what + ". Check its key");
            case 404, 410 ->
                failure(
                        ErrorCode.RUNTIME_FAILED,
                        "does not have this" + what + ". Check its address, and whether it was restarted");
            case 413 -> failure(ErrorCode.TOO_LARGE, "takes no request of this size" + what + ". Teach less at once");
            case 429 -> failure(ErrorCode.RATE_LIMITED, "has too much to do" + what + ". Try again later");
            default ->
                isTransient(status)
                        ? failure(ErrorCode.UPSTREAM_FAILED, "keeps failing" + what + ". Try later; look into its log")
                        : failure(ErrorCode.RUNTIME_FAILED, "refuses this call" + what + ". Check its version");
        };
    }

    MemoryException connectionLost(HttpRequest call, IOException e) {
        return new MemoryException(
                ErrorCode.UPSTREAM_FAILED,
                "No answer of the sidecar " + options.server() + " for " + name(call) + ", tried " + SidecarClient.TRIES
                        + " times: " + e.getClass().getSimpleName()
                        + (e.getMessage() == null ? "" : ": " + excerpt(e.getMessage()))
                        + ". Check that it runs and can be reached.",
                e);
    }

    MemoryException unusableAnswer(HttpRequest call, String what) {
        return failure(
                ErrorCode.RUNTIME_FAILED,
                "gave no usable answer for " + name(call) + ": " + what
                        + ". Check its version, and whether a proxy answers in its place");
    }

    /** The failure that a sidecar reports of a training. */
    MemoryException reported(JsonNode state) {
        return TrainingFailureMapper.fromExitCode(
                state.path("code").asInt(1),
                "The sidecar " + options.server(),
                excerpt(state.path("error").asString("")));
    }

    /** A state that there is not. */
    MemoryException unknownState(JsonNode state) {
        return failure(
                ErrorCode.RUNTIME_FAILED,
                "is in the state '" + excerpt(state.path("state").asString(""))
                        + "'; known are running, done and failed. Check its version");
    }

    private MemoryException failure(ErrorCode code, String what) {
        return new MemoryException(code, "The sidecar " + options.server() + " " + what + ".");
    }

    private static String name(HttpRequest call) {
        return call.method() + " " + call.uri().getPath();
    }

    /** A text of the sidecar in one line, without the key, short enough for a message. */
    String excerpt(String text) {
        String open = options.apiKey().isEmpty() ? text : text.replace(options.apiKey(), "***");
        String plain = open.strip().replaceAll("\\s+", " ").replaceAll("\\p{Cntrl}", "");
        return plain.length() <= EXCERPT ? plain : plain.substring(0, EXCERPT) + "…";
    }
}
