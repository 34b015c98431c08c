package io.memos4j.spi;

import io.memos4j.api.TaskKind;
import java.time.Instant;
import java.util.Set;

/**
 * Which tasks a worker can take.
 *
 * @param lane of this lane
 * @param owner who takes them
 * @param now the time of leasing
 * @param until when the leases end unless they are extended
 * @param limit tasks at the most
 * @param busy cubes that run a task of this lane already
 * @param after the cube that was served last; those behind it come first
 */
public record LeaseRequest(
        TaskKind.Lane lane, String owner, Instant now, Instant until, int limit, Set<Long> busy, long after) {
    public LeaseRequest {
        busy = Set.copyOf(busy);
    }
}
