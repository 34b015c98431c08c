package io.memos4j.api.tasks;

import io.memos4j.api.CubeId;
import java.time.Instant;
import java.util.Optional;

/**
 * A background task as it stood when it was read.
 *
 * @param id its identity
 * @param cube whose memories it works on
 * @param kind what it does
 * @param subject what it is about, a session for example; empty if the whole cube
 * @param state where it stands
 * @param priority higher runs first within its cube and lane; 0 is normal
 * @param due not before this
 * @param deadline after which it is not begun any more
 * @param attempts how often it was begun
 * @param done how much is done, in the task's own unit
 * @param total of how much; 0 if unknown
 * @param note what it did, or why it failed or waits
 * @param cause who or what asked for it
 * @param createdAt when it was asked for
 * @param changedAt when its state last changed
 */
public record Task(
        TaskId id,
        CubeId cube,
        TaskKind kind,
        String subject,
        TaskState state,
        int priority,
        Instant due,
        Optional<Instant> deadline,
        int attempts,
        long done,
        long total,
        String note,
        String cause,
        Instant createdAt,
        Instant changedAt) {}
