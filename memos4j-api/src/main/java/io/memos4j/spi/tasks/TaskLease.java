package io.memos4j.spi.tasks;

import io.memos4j.api.tasks.Task;
import io.memos4j.spi.CubeKey;

/**
 * The right to run a task, until it ends or another worker takes the task over.
 *
 * @param cube the cube's key
 * @param task the task as it was leased; its attempts count this one
 * @param fence the number of this lease among those of the task; a lower one may not commit
 */
public record TaskLease(CubeKey cube, Task task, long fence) {}
