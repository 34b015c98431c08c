package io.memos4j.core.retention;

import io.memos4j.api.MemoryException;
import io.memos4j.api.privacy.PrivacyPolicy;
import io.memos4j.api.retention.RetentionPolicy;
import io.memos4j.api.tasks.TaskKind;
import io.memos4j.api.tasks.TaskRequest;
import io.memos4j.core.clock.IdGenerator;
import io.memos4j.core.clock.TimeBounds;
import io.memos4j.core.privacy.SensitivityLabeler;
import io.memos4j.spi.CubeKey;
import io.memos4j.spi.items.StoredItem;
import io.memos4j.spi.vault.VaultWriter;
import java.time.Instant;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * Assigns times to live to new items and schedules the tasks that an add or an edit makes due, inside the caller's
 * transaction.
 */
public final class TimeToLive {
    private final InstantSource clock;
    private final IdGenerator ids;

    /**
     * @param clock the time of recording
     * @param ids fresh ids of tasks
     */
    public TimeToLive(InstantSource clock, IdGenerator ids) {
        this.clock = clock;
        this.ids = ids;
    }

    /**
     * New items with the given expiry, else with the time to live of the cube's policy, if any; sooner if the rule for
     * their label says so.
     */
    public List<StoredItem> assign(VaultWriter writer, CubeKey cube, List<StoredItem> items, Optional<Instant> expiry) {
        Optional<Instant> end = expiry.map(TimeToLive::requireInRange)
                .or(() -> writer.usage().policy(cube).timeToLive().map(clock.instant()::plus));
        PrivacyPolicy privacy = writer.findCube(cube).orElseThrow().privacy();
        return items.stream()
                .map(stored -> {
                    Optional<Instant> earliest = Stream.concat(
                                    end.stream(),
                                    SensitivityLabeler.expiry(stored.item(), privacy, clock.instant()).stream())
                            .min(Instant::compareTo);
                    return earliest.isEmpty()
                            ? stored
                            : stored.with(stored.item().expiring(earliest), stored.cause());
                })
                .toList();
    }

    /**
     * Schedules tasks after an add or an edit: expiry at the next end of a time to live, and archiving beyond the
     * capacity.
     */
    public void scheduleTasks(VaultWriter writer, CubeKey cube) {
        writer.usage().nextExpiry(cube).ifPresent(next -> {
            TaskRequest expire = TaskRequest.of(TaskKind.EXPIRE).dueAt(next).because("a time to live ends");
            writer.tasks().enqueue(cube, expire, ids.nextTaskId(), clock.instant());
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
        writer.tasks().enqueue(cube, TaskRequest.of(kind).because(cause), ids.nextTaskId(), clock.instant());
    }

    private static Instant requireInRange(Instant expiry) {
        if (!TimeBounds.contains(expiry)) {
            throw MemoryException.invalid("The expiry " + expiry
                    + " is not in the years 1 to 9999. Leave it out for items that do not expire.");
        }
        return expiry.truncatedTo(ChronoUnit.MILLIS);
    }
}
