package io.memos4j.api.items;

import java.time.Instant;
import java.time.ZoneId;
import java.util.Collection;
import java.util.List;
import java.util.Optional;

/**
 * A batch to remember, all or nothing.
 *
 * @param inputs in the order of the conversation
 * @param idempotencyKey a repeated request with the same key and the same inputs changes nothing and gets the first
 *     answer
 * @param expiry from when on the items, and what is made of them, are not recalled any more; as the cube's policy says
 *     if absent. What is known already keeps its own
 * @param zone the time zone of inputs that name none, in which their "yesterday" is read; the cube's if absent
 */
public record AddRequest(
        List<MemoryInput> inputs, Optional<String> idempotencyKey, Optional<Instant> expiry, Optional<ZoneId> zone) {
    public AddRequest {
        inputs = List.copyOf(inputs);
    }

    public static AddRequest of(Collection<? extends MemoryInput> inputs) {
        return new AddRequest(List.copyOf(inputs), Optional.empty(), Optional.empty(), Optional.empty());
    }

    public AddRequest withIdempotencyKey(String key) {
        return new AddRequest(inputs, Optional.of(key), expiry, zone);
    }

    /** Lets the items be recalled until then. */
    public AddRequest expiring(Instant newExpiry) {
        return new AddRequest(inputs, idempotencyKey, Optional.of(newExpiry), zone);
    }

    /** Reads the inputs in a time zone. */
    public AddRequest inZone(ZoneId newZone) {
        return new AddRequest(inputs, idempotencyKey, expiry, Optional.of(newZone));
    }
}
