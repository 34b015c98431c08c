package io.memos4j.core.access;

import io.memos4j.api.CubeId;
import io.memos4j.api.MemoryException;
import io.memos4j.api.Page;
import io.memos4j.api.access.AuditEntry;
import io.memos4j.api.access.AuditQuery;
import io.memos4j.api.access.AuditQuery.AuditFilter;
import io.memos4j.api.access.AuditRecord;
import io.memos4j.api.access.AuditVerification;
import io.memos4j.spi.access.AuditPosition;
import io.memos4j.spi.vault.Vault;
import java.time.Duration;
import java.time.Instant;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Audits the calls that change nothing: those that read, were refused or failed. Thread-safe.
 *
 * <p>They are gathered in memory, and calls of the same caller with the same action and outcome become one entry with
 * their number: reads of a cube for {@value #SECONDS} seconds, refused and failed ones for a minute, whatever they were
 * about, so that nobody fills the disk with them. A crash loses what was gathered. If there is more than {@value #MOST}
 * entries, the call waits until they are written.
 */
public final class AuditTrail implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(AuditTrail.class);
    private static final int SECONDS = 5;
    private static final int MOST = 4_096;
    private static final Duration REFUSED_FOR = Duration.ofMinutes(1);
    private static final int FAILED = 400;
    private static final int OK = 200;
    private static final int BATCH = 1_000;

    private final Vault vault;
    private final AuditContext context;
    private final AuditSigner signer;
    private final ReentrantLock lock = new ReentrantLock();
    private final ReentrantLock writing = new ReentrantLock();
    private Map<Kind, Gathered> gathered = new LinkedHashMap<>();
    private final ScheduledThreadPoolExecutor timer = new ScheduledThreadPoolExecutor(
            1, Thread.ofPlatform().name("memos4j-audit").daemon().factory());

    /** The properties that the calls of an entry share; of refused calls not the cube. */
    private record Kind(String principal, String key, String action, String cube, int outcome) {}

    private record Gathered(AuditEntry first, long count) {
        AuditEntry entry() {
            return new AuditEntry(
                    0,
                    first.at(),
                    first.principal(),
                    first.key(),
                    first.action(),
                    first.cube(),
                    first.target(),
                    first.outcome(),
                    first.request(),
                    count);
        }

        Gathered plus(Gathered later) {
            return new Gathered(first, count + later.count);
        }

        boolean isDue(Instant now) {
            return first.outcome() < FAILED || !now.isBefore(first.at().plus(REFUSED_FOR));
        }
    }

    /** @param signer signs the log as it grows */
    public AuditTrail(Vault vault, AuditContext context, AuditSigner signer) {
        this.vault = vault;
        this.context = context;
        this.signer = signer;
        timer.setExecuteExistingDelayedTasksAfterShutdownPolicy(false);
        timer.scheduleWithFixedDelay(this::tick, SECONDS, SECONDS, TimeUnit.SECONDS);
    }

    /** Does work as a change of a cube, see {@link AuditContext#change}. */
    public <T> T change(CubeId cube, String operation, Supplier<T> work) {
        return context.change(Optional.of(cube), operation, "", work);
    }

    /** Does work as a change of something in a cube, see {@link AuditContext#change}. */
    public <T> T change(CubeId cube, String operation, String target, Supplier<T> work) {
        return context.change(Optional.of(cube), operation, target, work);
    }

    /** Does work as a change of the engine, see {@link AuditContext#change}. */
    public <T> T change(String operation, String target, Supplier<T> work) {
        return context.change(Optional.empty(), operation, target, work);
    }

    /** Names what the current change is about, once that is known. */
    Consumer<String> target() {
        return context.current().<Consumer<String>>map(change -> change::target).orElse(target -> {});
    }

    /** Records that the current call read from a cube, unless it does so to change something. */
    public void read(CubeId cube, String operation) {
        read(operation, cube.value(), "");
    }

    /** Records that the current call read from the whole engine. */
    public void read(String operation, String target) {
        read(operation, "", target);
    }

    private void read(String operation, String cube, String target) {
        AuditedCall call = context.call();
        if (context.current().isEmpty() && !call.changes()) {
            gather(call, context.entry(call, operation, cube, target, OK));
        }
    }

    /** Adds an entry at once; the number of the given entry is ignored. */
    void record(AuditEntry entry) {
        vault.change(writer -> writer.audit().record(entry));
    }

    /**
     * Records a call that ended.
     *
     * @param cube the cube that it named
     * @param target what it was about; may be empty
     * @param outcome an HTTP status
     */
    public void ended(AuditedCall call, Optional<CubeId> cube, String target, int outcome) {
        gather(call, context.entry(call, "call", cube.map(CubeId::value).orElse(""), target, outcome));
    }

    private void gather(AuditedCall call, AuditEntry entry) {
        Kind kind = new Kind(
                entry.principal(),
                entry.key(),
                entry.action(),
                entry.outcome() < FAILED ? entry.cube() : "",
                entry.outcome());
        boolean full;
        lock.lock();
        try {
            gathered.merge(kind, new Gathered(entry, 1), Gathered::plus);
            full = gathered.size() > MOST;
        } finally {
            lock.unlock();
        }
        call.markRecorded();
        if (full) {
            flushQuietly(true);
        }
    }

    private void tick() {
        flushQuietly(false);
        signer.signIfDue();
    }

    private void flushQuietly(boolean all) {
        try {
            flush(all);
        } catch (MemoryException e) {
            LOG.warn("Calls could not be written to the audit yet: {}", e.getMessage());
        } catch (RuntimeException | Error e) {
            LOG.error("Calls could not be written to the audit", e);
        }
    }

    /** Writes everything that was gathered. */
    public void flush() {
        flush(true);
    }

    private void flush(boolean all) {
        writing.lock();
        try {
            Map<Kind, Gathered> due = takeDue(all);
            if (due.isEmpty()) {
                return;
            }
            try {
                vault.change(
                        writer -> due.values().forEach(each -> writer.audit().record(each.entry())));
            } catch (RuntimeException | Error e) {
                putBack(due);
                throw e;
            }
        } finally {
            writing.unlock();
        }
    }

    private Map<Kind, Gathered> takeDue(boolean all) {
        lock.lock();
        try {
            Instant now = context.now();
            Map<Kind, Gathered> due = new LinkedHashMap<>();
            gathered.forEach((kind, each) -> {
                if (all || each.isDue(now)) {
                    due.put(kind, each);
                }
            });
            gathered.keySet().removeAll(due.keySet());
            return due;
        } finally {
            lock.unlock();
        }
    }

    /** Keeps entries that could not be written, as far as there is room; the others are named in the log. */
    private void putBack(Map<Kind, Gathered> unwritten) {
        lock.lock();
        try {
            Map<Kind, Gathered> merged = new LinkedHashMap<>(unwritten);
            gathered.forEach((kind, each) -> merged.merge(kind, each, Gathered::plus));
            List<Kind> beyond = merged.keySet().stream().skip(MOST).toList();
            if (!beyond.isEmpty()) {
                LOG.error("{} entries of the audit were lost, because the vault cannot be written.", beyond.size());
                beyond.forEach(merged::remove);
            }
            gathered = merged;
        } finally {
            lock.unlock();
        }
    }

    /** Returns a page of the log, newest first. */
    Page<AuditEntry> list(AuditQuery query) {
        flush();
        return vault.read(reader -> reader.audit().list(query));
    }

    /** Passes every entry on, oldest first. */
    void export(AuditFilter filter, Consumer<AuditRecord> sink) {
        flush();
        long after = 0;
        List<AuditRecord> batch;
        do {
            long last = after;
            batch = vault.read(reader -> reader.audit().recordsAfter(last, BATCH));
            for (AuditRecord each : batch) {
                after = each.entry().number();
                if (filter.matches(each.entry())) {
                    sink.accept(each);
                }
            }
        } while (!batch.isEmpty());
    }

    /** Verifies the log, see {@link AuditVerifier}. */
    AuditVerification verify(Set<String> trusted, Map<Long, String> noted) {
        flush();
        Optional<String> key = signer.publicKey();
        return vault.read(reader -> new AuditVerifier(reader.audit(), key, trusted).verify(noted));
    }

    /** Removes the entries from before an instant, up to the first later one. Returns their number. */
    long removeBefore(Instant instant) {
        flush();
        AuditPosition start = vault.read(reader -> reader.audit().start());
        AuditPosition cut = lastBefore(start, instant);
        long removed = cut.number() - start.number();
        if (removed > 0) {
            signer.sign(cut);
            change(
                    "remove audit entries",
                    "up to " + cut.number(),
                    () -> vault.write(writer -> {
                        writer.audit().removeUpTo(cut);
                        return removed;
                    }));
        }
        return removed;
    }

    private AuditPosition lastBefore(AuditPosition start, Instant instant) {
        AuditPosition cut = start;
        while (true) {
            long after = cut.number();
            List<AuditRecord> batch = vault.read(reader -> reader.audit().recordsAfter(after, BATCH));
            for (AuditRecord each : batch) {
                if (!each.entry().at().isBefore(instant)) {
                    return cut;
                }
                cut = new AuditPosition(each.entry().number(), HexFormat.of().parseHex(each.hash()));
            }
            if (batch.isEmpty()) {
                return cut;
            }
        }
    }

    /** Writes what was gathered, and signs the log if a checkpoint is due. */
    @Override
    public void close() {
        timer.close();
        tick();
        flushQuietly(true);
    }
}
