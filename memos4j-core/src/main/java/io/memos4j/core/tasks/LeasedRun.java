package io.memos4j.core.tasks;

import io.memos4j.api.Actor;
import io.memos4j.api.ErrorCode;
import io.memos4j.api.MemoryException;
import io.memos4j.api.tasks.Task;
import io.memos4j.spi.CubeRow;
import io.memos4j.spi.tasks.TaskLease;
import io.memos4j.spi.vault.Vault;
import io.memos4j.spi.vault.VaultWriter;
import java.time.Instant;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.Supplier;

/** A run under a lease that the scheduler extends. */
final class LeasedRun implements TaskRun {
    private final Vault vault;
    private final TaskLease lease;
    private final Instant since;
    private final RunContext context;
    private volatile boolean revoked;
    private Optional<Thread> thread = Optional.empty();
    private long done;
    private long total;

    /** The view that a run has of its scheduler. */
    interface RunContext {
        /** Returns whether runs must end soon. */
        boolean closing();

        /** Called at the end of each transaction of a run. */
        void changed(VaultWriter writer, TaskLease lease);
    }

    LeasedRun(Vault vault, TaskLease lease, Instant since, RunContext context) {
        this.vault = vault;
        this.lease = lease;
        this.since = since;
        this.context = context;
        this.done = lease.task().done();
        this.total = lease.task().total();
    }

    TaskLease lease() {
        return lease;
    }

    /** Returns the time at which the run started. */
    Instant since() {
        return since;
    }

    /** Interrupts the run if it is waiting; a thread that reads or writes files is not interrupted. */
    synchronized void interrupt() {
        thread.ifPresent(Thread::interrupt);
    }

    /** Ends the run because another worker has the task, or nobody. */
    void revoke() {
        revoked = true;
        interrupt();
    }

    boolean isRevoked() {
        return revoked;
    }

    @Override
    public CubeRow cube() {
        return vault.read(
                reader -> reader.requireCube(lease.cube(), lease.task().cube()));
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

    /** Commits even while the engine is closing. */
    <T> T finish(Function<VaultWriter, T> step) {
        return vault.write(Actor.of(lease.task()), writer -> {
            writer.tasks().recordProgress(lease, done, total);
            T result = step.apply(writer);
            context.changed(writer, lease);
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
                if (revoked || context.closing()) {
                    Thread.interrupted();
                }
            }
        }
    }

    @Override
    public void check() {
        if (revoked) {
            throw new MemoryException(
                    ErrorCode.LEASE_LOST, "Task " + lease.task().id() + " was taken over.");
        }
        if (context.closing()) {
            throw new MemoryException(ErrorCode.CLOSED, "The memory system is closing.");
        }
    }
}
