package io.memos4j.core.retention;

import io.memos4j.api.MemoryException;
import io.memos4j.api.retention.RetentionPolicy;
import io.memos4j.api.tasks.TaskId;
import io.memos4j.api.tasks.TaskKind;
import io.memos4j.api.tasks.TaskRequest;
import io.memos4j.spi.CubeKey;
import io.memos4j.spi.items.StoredItem;
import io.memos4j.spi.vault.VaultWriter;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;

/**
 * Assigns times to live to new items and schedules the tasks that an add or an edit makes due, inside the caller's
 * transaction.
 */
public final class TimeToLive {
    private static final Instant LATEST = Instant.parse("9999-12-31T23:59:59.999Z");

    private final Supplier<Instant> now;
    private final Supplier<TaskId> ids;

    /**
     * @param now the time of recording
     * @param ids fresh ids of tasks
     */
    public TimeToLive(Supplier<Instant> now, Supplier<TaskId> ids) {
        this.now = now;
        this.ids = ids;
    }

    /** New items with the given expiry, else with the time to live of the cube's policy, if any. */
    public List<StoredItem> assign(VaultWriter writer, CubeKey cube, List<StoredItem> items, Optional<Instant> expiry) {
        Optional<Instant> end = expiry.map(TimeToLive::requireInRange)
                .or(() -> writer.usage().policy(cube).timeToLive().map(now.get()::plus));
        return end.isEmpty()
                ? items
                : items.stream()
                        .map(stored -> stored.with(stored.item().expiring(end), stored.cause()))
                        .toList();
    }

    /**
     * Schedules tasks after an add or an edit: expiry at the next end of a time to live, and archiving beyond the
     * capacity.
     */
    public void scheduleTasks(VaultWriter writer, CubeKey cube) {
        writer.usage().nextExpiry(cube).ifPresent(next -> {
            TaskRequest expire = TaskRequest.of(TaskKind.EXPIRE).dueAt(next).because("a time to live ends");
            writer.tasks().enqueue(cube, expire, ids.get(), now.get());
        });
        if (writer.usage().policy(cube).capacity() != RetentionPolicy.UNLIMITED) {
            enqueue(writer, cube, TaskKind.CAPACITY, "items were added");
        }
    }

    /** Schedules the tasks that a new policy makes due. */
    public void scheduleTasks(VaultWriter writer, CubeKey cube, RetentionPolicy policy) {
        if (policy.archiveBelow() > 0) {
            enqueue(writer, cube, TaskKind.DECAY, "the policy was changed");
        }
        if (policy.capacity() != RetentionPolicy.UNLIMITED) {
            enqueue(writer, cube, TaskKind.CAPACITY, "the policy was changed");
        }
    }

    private void enqueue(VaultWriter writer, CubeKey cube, TaskKind kind, String cause) {
        writer.tasks().enqueue(cube, TaskRequest.of(kind).because(cause), ids.get(), now.get());
    }

    private static Instant requireInRange(Instant expiry) {
        if (expiry.isAfter(LATEST)) {
            throw MemoryException.invalid(
                    "The expiry " + expiry + " is later than year 9999. Leave it out for items that do not expire.");
        }
        return expiry.truncatedTo(ChronoUnit.MILLIS);
    }
}
