package io.memos4j.core.access;

import io.memos4j.api.MemoryException;
import io.memos4j.api.access.ApiKey;
import io.memos4j.spi.vault.Vault;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * When keys were last used, noted at most once a minute for each and written a second later, together, by a thread of
 * its own. Thread-safe.
 *
 * <p>Nobody who shows a key waits for a write. There is one note a key at the most; a crash loses the notes of the last
 * second, and what could not be written is tried again with the next note.
 */
final class KeyUsageRecorder implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(KeyUsageRecorder.class);
    private static final Duration APART = Duration.ofMinutes(1);
    private static final long DELAY_MILLIS = 1_000;

    private final Vault vault;
    private final Map<String, Instant> last = new ConcurrentHashMap<>();
    private final Map<String, Instant> unwritten = new ConcurrentHashMap<>();
    private final AtomicBoolean due = new AtomicBoolean();
    private final ScheduledThreadPoolExecutor timer = new ScheduledThreadPoolExecutor(
            1, Thread.ofPlatform().name("memos4j-key-uses").daemon().factory());

    KeyUsageRecorder(Vault vault, List<ApiKey> keys) {
        this.vault = vault;
        timer.setExecuteExistingDelayedTasksAfterShutdownPolicy(false);
        keys.forEach(key -> key.lastUsedAt().ifPresent(at -> last.put(key.id(), at)));
    }

    /** A key has opened something. */
    void record(String key, Instant now) {
        Instant before = last.getOrDefault(key, Instant.MIN);
        if (before.isAfter(now.minus(APART))) {
            return;
        }
        last.put(key, now);
        unwritten.put(key, now);
        if (due.compareAndSet(false, true)) {
            try {
                timer.schedule(this::flushQuietly, DELAY_MILLIS, TimeUnit.MILLISECONDS);
            } catch (RejectedExecutionException e) {
                LOG.debug("A key was used while closing.", e);
            }
        }
    }

    /** The key with its last use, written or not. */
    ApiKey withLastUse(ApiKey key) {
        return new ApiKey(
                key.id(),
                key.principal(),
                key.label(),
                key.scope(),
                key.cubes(),
                key.createdAt(),
                key.expiresAt(),
                key.revokedAt(),
                Optional.ofNullable(last.get(key.id())).or(key::lastUsedAt));
    }

    /** Forgets what was noted of a key that is gone. */
    void forget(String key) {
        last.remove(key);
        unwritten.remove(key);
    }

    private void flushQuietly() {
        due.set(false);
        Map<String, Instant> batch = Map.copyOf(unwritten);
        if (batch.isEmpty()) {
            return;
        }
        try {
            vault.write(writer -> {
                writer.access().recordKeyUse(batch);
                return true;
            });
            batch.forEach(unwritten::remove);
        } catch (MemoryException e) {
            LOG.warn("The last use of {} keys could not be recorded yet: {}", batch.size(), e.getMessage());
        }
    }

    /** Writes what is left. */
    @Override
    public void close() {
        timer.close();
        flushQuietly();
    }
}
