package io.memos4j.core.tasks;

import io.memos4j.spi.tasks.TaskLease;
import io.memos4j.spi.tasks.TaskWriter.RoundRobin;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;

/** The slots that a transaction keeps for what it leases. Used by one caller and the transactions that it waits for. */
final class SlotReservation {
    private final LaneSlots slots;
    private List<TaskLease> leases = List.of();

    SlotReservation(LaneSlots slots) {
        this.slots = slots;
    }

    /**
     * Fills the free slots. To be called in the transaction that leases; what a former try of it has kept is given
     * back.
     */
    List<TaskLease> fill(Function<RoundRobin, List<TaskLease>> leasing) {
        release();
        leases = slots.reserve(leasing);
        return leases;
    }

    /** The same for the one slot of a run that ends with the transaction. */
    void fillSlotOf(LeasedRun run, Function<RoundRobin, List<TaskLease>> leasing) {
        release();
        leases = slots.reserveSlotOf(run, leasing);
    }

    /** The lease that was taken, if it was one. */
    Optional<TaskLease> lease() {
        return leases.stream().findFirst();
    }

    /** The transaction has failed. */
    void release() {
        leases.forEach(lease -> slots.release(lease.cube()));
        leases = List.of();
    }
}
