package io.memos4j.spi.tasks;

import io.memos4j.api.tasks.TaskKind;
import java.time.Instant;
import java.util.Set;

/**
 * Request of a worker for tasks.
 *
 * @param owner who takes them
 * @param now the time of leasing
 * @param until when the leases end unless they are extended
 * @param kinds what the worker can do, all of one lane
 * @param attempts how often a task may be begun
 */
public record LeaseRequest(String owner, Instant now, Instant until, Set<TaskKind> kinds, int attempts) {
    public LeaseRequest {
        kinds = Set.copyOf(kinds);
    }

    public TaskKind.Lane lane() {
        return kinds.iterator().next().lane();
    }
}
