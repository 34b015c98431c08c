package io.memos4j.api.tasks;

import java.time.Duration;
import java.util.Map;

/**
 * Status of the scheduler, for a cube or as a whole.
 *
 * @param tasks how many tasks in each state; those that ended are forgotten after a while
 * @param paused whether its tasks are paused
 * @param oldestReady how long the oldest ready task has been waiting for a worker; zero if none waits
 * @param callsToday calls of language models today, UTC, failed ones included
 * @param tokensToday their tokens in and out
 */
public record SchedulerStatus(
        Map<TaskState, Long> tasks, boolean paused, Duration oldestReady, long callsToday, long tokensToday) {
    public SchedulerStatus {
        tasks = Map.copyOf(tasks);
    }

    /** Tasks in a state. */
    public long count(TaskState state) {
        return tasks.getOrDefault(state, 0L);
    }
}
