package io.memos4j.core.access;

import io.memos4j.api.MemoryException;
import io.memos4j.spi.vault.Vault;
import io.memos4j.spi.vault.VaultWriter;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.BiFunction;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The current {@link AccessSnapshot} and the only way to change it. Thread-safe.
 *
 * <p>Every call to a server checks its caller and the caller's rights, and must not wait for a disk. Principals, keys
 * and grants are few, so all of them are held in one immutable snapshot. Each change reads a new one inside its own
 * transaction and replaces the former. Changes are serialized, so the snapshot passes through the same states as the
 * vault, in the same order.
 *
 * <p>A revocation takes effect just before its commit, so that nothing committed later, such as a new cube of the same
 * name, is ever visible under an old right. A grant takes effect after its commit. If the outcome of a change is
 * unknown, the snapshot is read again; if that fails too, the narrower one stays.
 */
final class AccessRegistry {
    private static final Logger LOG = LoggerFactory.getLogger(AccessRegistry.class);

    private final Vault vault;
    private final ReentrantLock order = new ReentrantLock();
    private volatile AccessSnapshot current;

    private record Changed<T>(T result, AccessSnapshot after) {}

    AccessRegistry(Vault vault) {
        this.vault = vault;
        this.current = vault.read(reader -> AccessSnapshot.of(reader.access()));
    }

    /** Returns the snapshot as of the last change. Never waits. */
    AccessSnapshot snapshot() {
        return current;
    }

    /** Makes a change that grants rights, or grants some and revokes others. */
    <T> T writeGranting(BiFunction<VaultWriter, AccessSnapshot, T> change) {
        return runSerialized(() -> vault.write(writer -> changed(writer, change)));
    }

    /** Makes a change that only revokes rights. */
    <T> T writeRevoking(BiFunction<VaultWriter, AccessSnapshot, T> change) {
        return runSerialized(() -> vault.write(writer -> {
            Changed<T> changed = changed(writer, change);
            current = changed.after;
            return changed;
        }));
    }

    private static <T> Changed<T> changed(VaultWriter writer, BiFunction<VaultWriter, AccessSnapshot, T> change) {
        T result = change.apply(writer, AccessSnapshot.of(writer.access()));
        return new Changed<>(result, AccessSnapshot.of(writer.access()));
    }

    private <T> T runSerialized(Supplier<Changed<T>> write) {
        order.lock();
        try {
            Changed<T> changed = write.get();
            current = changed.after;
            return changed.result;
        } catch (RuntimeException | Error e) {
            reload();
            throw e;
        } finally {
            order.unlock();
        }
    }

    private void reload() {
        try {
            current = vault.read(reader -> AccessSnapshot.of(reader.access()));
        } catch (MemoryException e) {
            LOG.warn("Access rights could not be reloaded after a failed change: {}", e.getMessage());
        }
    }
}
