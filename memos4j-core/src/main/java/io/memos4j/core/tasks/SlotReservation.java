package io.memos4j.core.tasks;

import io.memos4j.spi.tasks.TaskLease;
import io.memos4j.spi.tasks.TaskWriter.RoundRobin;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;

/**
 * The slots that a transaction reserves for its leases. Confined to one caller and the transactions that it waits for.
 */
final class SlotReservation {
    private final LaneSlots slots;
    private List<TaskLease> leases = List.of();

    SlotReservation(LaneSlots slots) {
        this.slots = slots;
    }

    /**
     * Fills the free slots, inside the transaction that leases. Slots reserved by an earlier attempt of the transaction
     * are released.
     */
    List<TaskLease> fill(Function<RoundRobin, List<TaskLease>> leasing) {
        release();
        leases = slots.reserve(leasing);
        return leases;
    }

    /** Fills the slot of a run that ends with the transaction. */
    void fillSlotOf(LeasedRun run, Function<RoundRobin, List<TaskLease>> leasing) {
        release();
        leases = slots.reserveSlotOf(run, leasing);
    }

    /** Returns the lease, if there is one. */
    Optional<TaskLease> lease() {
        return leases.stream().findFirst();
    }

    /** Releases the slots after the transaction has failed. */
    void release() {
        leases.forEach(lease -> slots.release(lease.cube()));
        leases = List.of();
    }
}
