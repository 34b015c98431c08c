package io.memos4j.api;

import java.util.Collection;
import java.util.List;
import java.util.Optional;

/**
 * A batch to remember, all or nothing.
 *
 * @param inputs in the order of the conversation
 * @param idempotencyKey a repeated request with the same key and the same inputs changes nothing and gets the first answer
 */
public record AddRequest(List<Input> inputs, Optional<String> idempotencyKey) {
    public AddRequest {
        inputs = List.copyOf(inputs);
    }

    public static AddRequest of(Collection<? extends Input> inputs) {
        return new AddRequest(List.copyOf(inputs), Optional.empty());
    }

    public AddRequest withIdempotencyKey(String key) {
        return new AddRequest(inputs, Optional.of(key));
    }
}
