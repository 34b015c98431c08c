package io.memos4j.core.tasks;

import io.memos4j.api.ErrorCode;
import io.memos4j.api.MemoryException;
import io.memos4j.api.Actor;
import io.memos4j.api.tasks.Task;
import io.memos4j.spi.CubeRow;
import io.memos4j.spi.tasks.TaskLease;
import io.memos4j.spi.vault.Vault;
import io.memos4j.spi.vault.VaultWriter;
import java.time.Instant;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.Supplier;

/** A run under a lease that the scheduler's heartbeat extends. */
final class LeasedRun implements TaskRun {
    private final Vault vault;
    private final TaskLease lease;
    private final Instant since;
    private final RunContext surroundings;
    private volatile boolean lost;
    private Optional<Thread> thread = Optional.empty();
    private long done;
    private long total;

    /** What a run needs to know of its scheduler. */
    interface RunContext {
        /** Whether runs must end soon. */
        boolean closing();

        /** Told within each transaction of a run, after its changes. */
        void changed(VaultWriter writer, TaskLease lease);
    }

    LeasedRun(Vault vault, TaskLease lease, Instant since, RunContext surroundings) {
        this.vault = vault;
        this.lease = lease;
        this.since = since;
        this.surroundings = surroundings;
        this.done = lease.task().done();
        this.total = lease.task().total();
    }

    TaskLease lease() {
        return lease;
    }

    /** When it began. */
    Instant since() {
        return since;
    }

    /** Ends what it waits for, if it does; a thread that reads or writes files is not interrupted. */
    synchronized void interrupt() {
        thread.ifPresent(Thread::interrupt);
    }

    /** Said by the heartbeat: another worker has the task, or nobody. */
    void lose() {
        lost = true;
        interrupt();
    }

    boolean lost() {
        return lost;
    }

    @Override
    public CubeRow cube() {
        return vault.read(reader -> reader.findCube(lease.cube()))
                .orElseThrow(() -> new MemoryException(
                        ErrorCode.CUBE_NOT_FOUND, "Cube '" + lease.task().cube() + "' was deleted."));
    }

    @Override
    public Task task() {
        return lease.task();
    }

    @Override
    public <T> T commit(Function<VaultWriter, T> step) {
        check();
        return finish(step);
    }

    /** Commits although the engine is closing. */
    <T> T finish(Function<VaultWriter, T> step) {
        return vault.write(Actor.of(lease.task()), writer -> {
            writer.tasks().recordProgress(lease, done, total);
            T result = step.apply(writer);
            surroundings.changed(writer, lease);
            return result;
        });
    }

    @Override
    public void progress(long nowDone, long ofTotal) {
        done = nowDone;
        total = ofTotal;
    }

    @Override
    public <T> T runInterruptibly(Supplier<T> wait) {
        synchronized (this) {
            thread = Optional.of(Thread.currentThread());
        }
        try {
            check();
            return wait.get();
        } finally {
            synchronized (this) {
                thread = Optional.empty();
                if (lost || surroundings.closing()) {
                    Thread.interrupted();
                }
            }
        }
    }

    @Override
    public void check() {
        if (lost) {
            throw new MemoryException(
                    ErrorCode.LEASE_LOST, "Task " + lease.task().id() + " was taken over.");
        }
        if (surroundings.closing()) {
            throw new MemoryException(ErrorCode.CLOSED, "The memory system is closing.");
        }
    }
}
