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
 * Records the last uses of keys: at most once a minute for each key, written together a second later on a thread of its
 * own. Thread-safe.
 *
 * <p>A caller never waits for the write. There is at most one note per key. A crash loses the notes of the last second;
 * notes that cannot be written are retried with the next one.
 */
final class KeyUsageRecorder implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(KeyUsageRecorder.class);
    private static final Duration MIN_INTERVAL = Duration.ofMinutes(1);
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

    /** Records that a key was used. */
    void record(String key, Instant now) {
        Instant before = last.getOrDefault(key, Instant.MIN);
        if (before.isAfter(now.minus(MIN_INTERVAL)) && !before.isAfter(now)) {
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

    /** Returns the key with its last use, written or not. */
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

    /** Removes the notes of a key that is gone. */
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
            vault.change(writer -> writer.access().recordKeyUse(batch));
            batch.forEach(unwritten::remove);
        } catch (MemoryException e) {
            LOG.warn("The last use of {} keys could not be written yet: {}", batch.size(), e.getMessage());
        }
    }

    /** Writes the remaining notes. */
    @Override
    public void close() {
        timer.close();
        flushQuietly();
    }
}
