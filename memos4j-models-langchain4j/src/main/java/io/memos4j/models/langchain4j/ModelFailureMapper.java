package io.memos4j.models.langchain4j;

import dev.langchain4j.exception.AuthenticationException;
import dev.langchain4j.exception.HttpException;
import dev.langchain4j.exception.InvalidRequestException;
import dev.langchain4j.exception.ModelNotFoundException;
import dev.langchain4j.exception.UnsupportedFeatureException;
import io.memos4j.api.ErrorCode;
import io.memos4j.api.MemoryException;
import io.memos4j.http.HttpCallException;
import io.memos4j.http.HttpFailureKind;
import io.memos4j.http.SecretRedactor;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Maps failures of a provider to {@link MemoryException} without ever showing the key: it is struck out of what the
 * provider answers, and a cause that holds it is left out.
 *
 * @param id the model, named in every message
 * @param redactor knows the key
 */
record ModelFailureMapper(String id, SecretRedactor redactor) {
    private static final int DEEPEST = 20;

    ModelFailureMapper(String id, String key) {
        this(id, new SecretRedactor(key));
    }

    /** Maps the failure of a call that was to end within {@code timeout}. */
    MemoryException of(HttpCallException failure, Duration timeout) {
        return switch (failure.kind()) {
            case CANCELLED -> closed();
            case TIMED_OUT -> timeout(timeout);
            case NOT_CONNECTED, CONNECTION_LOST, ANSWER_TOO_LARGE -> of(failure);
            default -> fromStatus(failure.status(), failure.body());
        };
    }

    /** Maps what a call threw; rethrows errors. */
    MemoryException of(Throwable thrown) {
        if (thrown instanceof Error error) {
            throw error;
        }
        if (thrown instanceof MemoryException known) {
            return known;
        }
        List<Throwable> chain = chain(thrown);
        Optional<HttpException> http = first(chain, HttpException.class);
        if (http.isPresent()) {
            return fromStatus(http.get().statusCode(), String.valueOf(http.get().getMessage()), thrown);
        }
        Throwable root = chain.getLast();
        String detail = root.getClass().getSimpleName()
                + Optional.ofNullable(root.getMessage())
                        .map(each -> ": " + excerpt(each))
                        .orElse("");
        if (chain.stream().anyMatch(ModelFailureMapper::isRefusal)) {
            return failure(
                    ErrorCode.MODEL_REFUSED,
                    id + " refuses this call: " + detail + ". Check the key, the name of the model and the request.",
                    thrown);
        }
        return failure(
                ErrorCode.MODEL_FAILED,
                id + " gave no usable answer: " + detail + ". Check that it can be reached; another try may succeed.",
                thrown);
    }

    /** Maps an HTTP status other than success. */
    MemoryException fromStatus(int status, String body) {
        return fromStatus(status, body, null);
    }

    private MemoryException fromStatus(int status, String body, @Nullable Throwable cause) {
        String answer = "HTTP " + status + ", " + excerpt(body);
        if (status < 300 || HttpFailureKind.ofStatus(status).retryable() || status >= 500) {
            return failure(
                    ErrorCode.MODEL_FAILED, id + " failed for now (" + answer + "). Another try may succeed.", cause);
        }
        return failure(
                ErrorCode.MODEL_REFUSED,
                id + " refuses this call (" + answer
                        + "). Check the address, the key, the name of the model and the length of the prompt.",
                cause);
    }

    /** Creates the failure for an answer that cannot be used. */
    MemoryException unusableAnswer(String what) {
        return new MemoryException(
                ErrorCode.MODEL_FAILED, id + " gave no usable answer: " + what + ". Another try may succeed.");
    }

    /** Creates the failure for an answer that the provider withholds. */
    MemoryException answerWithheld() {
        return new MemoryException(
                ErrorCode.MODEL_REFUSED, id + " withholds its answer because of its content filter.");
    }

    MemoryException timeout(Duration timeout) {
        return new MemoryException(
                ErrorCode.TIMEOUT,
                id + " did not answer within " + timeout.toMillis() + " ms. Allow more time, or ask for less.");
    }

    /** Creates the failure of an interrupted caller, and sets the flag of its thread again. */
    MemoryException interrupted() {
        Thread.currentThread().interrupt();
        return new MemoryException(ErrorCode.INTERRUPTED, "Interrupted while waiting for " + id + ".");
    }

    MemoryException closed() {
        return new MemoryException(ErrorCode.CLOSED, id + " is closed.");
    }

    private static boolean isRefusal(Throwable thrown) {
        return thrown instanceof AuthenticationException
                || thrown instanceof ModelNotFoundException
                || thrown instanceof InvalidRequestException
                || thrown instanceof UnsupportedFeatureException;
    }

    private MemoryException failure(ErrorCode code, String message, @Nullable Throwable cause) {
        return cause == null || containsKey(cause)
                ? new MemoryException(code, message)
                : new MemoryException(code, message, cause);
    }

    private boolean containsKey(Throwable thrown) {
        return chain(thrown).stream().anyMatch(link -> redactor.isIn(link.toString()));
    }

    private String excerpt(String text) {
        return redactor.excerptOr(text, "no text");
    }

    private static <T> Optional<T> first(List<Throwable> chain, Class<T> type) {
        return chain.stream().filter(type::isInstance).map(type::cast).findFirst();
    }

    private static List<Throwable> chain(Throwable thrown) {
        List<Throwable> chain = new ArrayList<>();
        for (Throwable link = thrown; link != null && chain.size() < DEEPEST; link = link.getCause()) {
            chain.add(link);
        }
        return chain;
    }
}
