package io.memos4j.core.tasks;

import io.memos4j.api.tasks.TaskKind;
import io.memos4j.api.tasks.TaskKind.Lane;
import io.memos4j.core.clock.IdGenerator;
import io.memos4j.spi.vault.Vault;
import java.time.InstantSource;
import java.util.Map;
import java.util.concurrent.Executor;
import java.util.random.RandomGenerator;

/**
 * Builds a {@link TaskScheduler}. The defaults are one slot a lane, {@link TaskRetryPolicy#DEFAULT}, the clock of the
 * system, and to run each task on the thread that calls {@link TaskScheduler#runDueTasks}.
 */
public final class SchedulerBuilder {
    final Vault vault;
    final Map<TaskKind, TaskHandler> handlers;
    InstantSource clock = InstantSource.system();
    IdGenerator ids = IdGenerator.timeOrdered();
    RandomGenerator random = RandomGenerator.getDefault();
    TaskRetryPolicy retry = TaskRetryPolicy.DEFAULT;
    Map<Lane, Integer> slots = Map.of();
    Executor executor = Runnable::run;
    ChangeSignal changed = new ChangeSignal();

    SchedulerBuilder(Vault vault, Map<TaskKind, TaskHandler> handlers) {
        this.vault = vault;
        this.handlers = handlers;
    }

    public SchedulerBuilder clock(InstantSource newClock) {
        clock = newClock;
        return this;
    }

    public SchedulerBuilder ids(IdGenerator newIds) {
        ids = newIds;
        return this;
    }

    /** Sets how failed tasks are retried, and the source of randomness that spreads their pauses. */
    public SchedulerBuilder retry(TaskRetryPolicy newRetry, RandomGenerator newRandom) {
        retry = newRetry;
        random = newRandom;
        return this;
    }

    /**
     * Sets how many tasks run at once, and on which threads.
     *
     * @param newSlots by lane; one in a lane that it does not name
     */
    public SchedulerBuilder slots(Map<Lane, Integer> newSlots, Executor newExecutor) {
        slots = newSlots;
        executor = newExecutor;
        return this;
    }

    /** Sets the signal to fire whenever a task may have become ready, or has ended. */
    public SchedulerBuilder changed(ChangeSignal newChanged) {
        changed = newChanged;
        return this;
    }

    /** Builds a scheduler that runs nothing before {@link TaskScheduler#runDueTasks} is called. */
    public TaskScheduler build() {
        return new TaskScheduler(this);
    }
}
