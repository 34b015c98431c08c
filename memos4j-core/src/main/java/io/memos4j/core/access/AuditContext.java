package io.memos4j.core.access;

import io.memos4j.api.CubeId;
import io.memos4j.api.ItemId;
import io.memos4j.api.access.AuditEntry;
import io.memos4j.spi.vault.VaultWriter;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * The call that the current thread serves, and the change that it is making. The vault adds the entry of a change to
 * the audit in the transaction that makes it, so that neither is ever there without the other. Thread-safe.
 */
public final class AuditContext {
    /** Ids beyond this number are only counted. */
    private static final int MAX_TARGETS = 10;

    private static final int LONGEST_TARGET = 500;
    private static final int OK = 200;

    private final InstantSource clock;

    /** One per engine, so that a call of one engine does not author the changes of another. */
    @SuppressWarnings("ThreadLocalUsage")
    private final ThreadLocal<AuditedCall> call = ThreadLocal.withInitial(() -> AuditedCall.LIBRARY);

    @SuppressWarnings("ThreadLocalUsage")
    private final ThreadLocal<Optional<Change>> change = ThreadLocal.withInitial(Optional::empty);

    public AuditContext(InstantSource clock) {
        this.clock = clock;
    }

    AuditedCall call() {
        return call.get();
    }

    /** Does the work on this thread as a part of a call; the former call is bound again afterwards. */
    public <T> T as(AuditedCall bound, Supplier<T> work) {
        AuditedCall former = call.get();
        call.set(bound);
        try {
            return work.get();
        } finally {
            if (former == AuditedCall.LIBRARY) {
                call.remove();
            } else {
                call.set(former);
            }
        }
    }

    /**
     * Does the work as a change, of which every transaction leaves an entry. Within another change this does the work
     * only.
     *
     * @param operation names the change where no call does
     * @param target what is changed, where that is not items; a change of items that changes none leaves no entry
     */
    public <T> T change(Optional<CubeId> cube, String operation, String target, Supplier<T> work) {
        if (change.get().isPresent()) {
            return work.get();
        }
        change.set(Optional.of(new Change(call.get(), cube, operation, target)));
        try {
            return work.get();
        } finally {
            change.remove();
        }
    }

    /** Returns the change that the current thread is making. */
    Optional<Change> current() {
        return change.get();
    }

    AuditEntry entry(AuditedCall by, String operation, String cube, String target, int outcome) {
        return new AuditEntry(
                0,
                now(),
                by.principal(),
                by.key(),
                printable(by.action(operation)),
                cube,
                printable(target),
                outcome,
                by.request());
    }

    Instant now() {
        return Instant.ofEpochMilli(clock.millis());
    }

    /** Returns a text that reads back from the vault as it was written. */
    private static String printable(String text) {
        StringBuilder printable = new StringBuilder();
        text.codePoints()
                .limit(LONGEST_TARGET)
                .map(each ->
                        Character.isISOControl(each) || Character.getType(each) == Character.SURROGATE ? '?' : each)
                .forEach(printable::appendCodePoint);
        return printable.toString();
    }

    /** A change of a call. */
    final class Change {
        private final AuditedCall call;
        private final Optional<CubeId> cube;
        private final String operation;
        private volatile String target;
        private volatile boolean adds;
        private volatile boolean recorded;

        private Change(AuditedCall call, Optional<CubeId> cube, String operation, String target) {
            this.call = call;
            this.cube = cube;
            this.operation = operation;
            this.target = target;
        }

        /** Names what is changed, once that is known. */
        void target(String newTarget) {
            target = newTarget;
        }

        /**
         * Adds the entry at the end of a transaction that changed the target or items. Later ones of the same change
         * need one only for more items.
         */
        void recordIn(VaultWriter writer) {
            Set<ItemId> items = writer.changedItems();
            adds = !items.isEmpty() || !recorded && !target.isEmpty();
            if (adds) {
                writer.audit()
                        .record(entry(
                                call,
                                operation,
                                cube.map(CubeId::value).orElse(""),
                                Stream.of(target, listed(items))
                                        .filter(each -> !each.isEmpty())
                                        .collect(Collectors.joining(" ")),
                                OK));
            }
        }

        void committed() {
            if (adds) {
                recorded = true;
                call.markRecorded();
            }
        }

        private static String listed(Set<ItemId> items) {
            int more = items.size() - MAX_TARGETS;
            return items.stream().limit(MAX_TARGETS).map(ItemId::toString).collect(Collectors.joining(" "))
                    + (more > 0 ? " and " + more + " more" : "");
        }
    }
}
