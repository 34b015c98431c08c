package io.memos4j.core.tasks;

import io.memos4j.api.ErrorCode;
import io.memos4j.api.MemoryException;
import io.memos4j.spi.CubeKey;
import io.memos4j.spi.tasks.TaskLease;
import io.memos4j.spi.tasks.TaskWriter.RoundRobin;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;

/**
 * The runs of a lane: a bounded number, at most one per cube. Thread-safe.
 *
 * <p>Slots are reserved for leases in the transaction that takes them, on the vault's writer thread. A thread that
 * holds this monitor must therefore not wait for the vault.
 */
final class LaneSlots {
    private final int slots;
    private final Set<CubeKey> reserved = new HashSet<>();
    private final Map<CubeKey, LeasedRun> running = new HashMap<>();

    /** Cubes that a caller waits for; they get no further tasks until then. */
    private final List<CubeKey> awaited = new ArrayList<>();

    private Optional<CubeKey> last = Optional.empty();

    LaneSlots(int slots) {
        this.slots = slots;
    }

    synchronized int free() {
        return Math.max(0, slots - running.size() - reserved.size());
    }

    /** Leases as many tasks as there are free slots, and reserves the slots for them; other reservations wait. */
    synchronized List<TaskLease> reserve(Function<RoundRobin, List<TaskLease>> leasing) {
        return reserveSlot(new RoundRobin(free(), busy(), last), leasing);
    }

    /** Leases a task for the slot of a run that is ending. */
    synchronized List<TaskLease> reserveSlotOf(LeasedRun run, Function<RoundRobin, List<TaskLease>> leasing) {
        Set<CubeKey> busy = busy();
        CubeKey cube = run.lease().cube();
        if (running.get(cube) != run) {
            return List.of();
        }
        if (!awaited.contains(cube)) {
            busy.remove(cube);
        }
        return reserveSlot(new RoundRobin(1, busy, last), leasing);
    }

    private Set<CubeKey> busy() {
        Set<CubeKey> busy = new HashSet<>(running.keySet());
        busy.addAll(reserved);
        busy.addAll(awaited);
        return busy;
    }

    private List<TaskLease> reserveSlot(RoundRobin turn, Function<RoundRobin, List<TaskLease>> leasing) {
        List<TaskLease> leases = leasing.apply(turn);
        leases.forEach(lease -> {
            reserved.add(lease.cube());
            last = Optional.of(lease.cube());
        });
        return leases;
    }

    /** Waits until no task of the cube runs in this lane, and keeps others away. Needs no slot. */
    synchronized void reserve(CubeKey cube) {
        awaited.add(cube);
        try {
            while (reserved.contains(cube) || running.containsKey(cube)) {
                wait();
            }
            reserved.add(cube);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new MemoryException(ErrorCode.INTERRUPTED, "The wait for running tasks was interrupted.", e);
        } finally {
            awaited.remove(cube);
        }
    }

    synchronized void release(CubeKey cube) {
        reserved.remove(cube);
        notifyAll();
    }

    synchronized LeasedRun begin(LeasedRun run) {
        reserved.remove(run.lease().cube());
        running.put(run.lease().cube(), run);
        return run;
    }

    synchronized void end(LeasedRun run) {
        running.remove(run.lease().cube(), run);
        notifyAll();
    }

    synchronized List<LeasedRun> running() {
        return List.copyOf(running.values());
    }
}
