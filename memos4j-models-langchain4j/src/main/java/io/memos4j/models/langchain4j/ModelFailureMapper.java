package io.memos4j.models.langchain4j;

import dev.langchain4j.exception.AuthenticationException;
import dev.langchain4j.exception.HttpException;
import dev.langchain4j.exception.InvalidRequestException;
import dev.langchain4j.exception.ModelNotFoundException;
import dev.langchain4j.exception.UnsupportedFeatureException;
import io.memos4j.api.ErrorCode;
import io.memos4j.api.MemoryException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Says why a call to a provider failed, and never says the key: it is struck out of what the provider answers, and a
 * cause that holds it is left out.
 *
 * @param id the model, named in every message
 * @param key the secret, empty if there is none
 */
record ModelFailureMapper(String id, String key) {
    /** Of the refusals, those that pass: timeout, conflict, too early, too many requests. */
    private static final Set<Integer> FOR_NOW = Set.of(408, 409, 425, 429);

    private static final int EXCERPT = 300;
    private static final int DEEPEST = 20;

    /** The failure that stands for what a call threw. */
    MemoryException fromThrowable(Throwable thrown) {
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

    /** The failure that stands for an HTTP status other than success. */
    MemoryException fromStatus(int status, String body) {
        return fromStatus(status, body, null);
    }

    private MemoryException fromStatus(int status, String body, @Nullable Throwable cause) {
        String answer = "HTTP " + status + ", " + (body.isBlank() ? "no text" : excerpt(body));
        if (status < 300 || status >= 500 || FOR_NOW.contains(status)) {
            return failure(
                    ErrorCode.MODEL_FAILED, id + " failed for now (" + answer + "). Another try may succeed.", cause);
        }
        return failure(
                ErrorCode.MODEL_REFUSED,
                id + " refuses this call (" + answer
                        + "). Check the address, the key, the name of the model and the length of the prompt.",
                cause);
    }

    /** An answer that cannot be used. */
    MemoryException unusableAnswer(String what) {
        return new MemoryException(
                ErrorCode.MODEL_FAILED, id + " gave no usable answer: " + what + ". Another try may succeed.");
    }

    /** An answer that the provider withholds. */
    MemoryException withheld() {
        return new MemoryException(
                ErrorCode.MODEL_REFUSED, id + " withholds its answer: its content filter holds it back.");
    }

    MemoryException timeout(Duration timeout) {
        return new MemoryException(
                ErrorCode.TIMEOUT,
                id + " did not answer within " + timeout.toMillis() + " ms. Allow more, or ask less.");
    }

    MemoryException interrupted() {
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
        return !key.isEmpty()
                && chain(thrown).stream().anyMatch(link -> link.toString().contains(key));
    }

    private String excerpt(String text) {
        String plain = (key.isEmpty() ? text : text.replace(key, "***")).strip().replaceAll("\\s+", " ");
        return plain.length() <= EXCERPT ? plain : plain.substring(0, EXCERPT) + "…";
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
