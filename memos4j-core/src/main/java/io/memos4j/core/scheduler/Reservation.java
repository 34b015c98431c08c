package io.memos4j.core.scheduler;

import io.memos4j.spi.Lease;
import io.memos4j.spi.TaskWriter.Turn;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;

/** The slots that a transaction keeps for what it leases. Used by one caller and the transactions that it waits for. */
final class Reservation {
    private final LaneSlots slots;
    private List<Lease> leases = List.of();

    Reservation(LaneSlots slots) {
        this.slots = slots;
    }

    /** Fills the free slots. To be called in the transaction that leases; what a former try of it has kept is given back. */
    List<Lease> fill(Function<Turn, List<Lease>> leasing) {
        giveBack();
        leases = slots.reserving(leasing);
        return leases;
    }

    /** The same for the one slot of a run that ends with the transaction. */
    void succeed(LeasedRun run, Function<Turn, List<Lease>> leasing) {
        giveBack();
        leases = slots.reservingAfter(run, leasing);
    }

    /** The lease that was taken, if it was one. */
    Optional<Lease> lease() {
        return leases.stream().findFirst();
    }

    /** The transaction has failed. */
    void giveBack() {
        leases.forEach(lease -> slots.release(lease.cube()));
        leases = List.of();
    }
}
