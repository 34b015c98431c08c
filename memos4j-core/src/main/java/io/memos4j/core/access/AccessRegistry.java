package io.memos4j.core.access;

import io.memos4j.api.MemoryException;
import io.memos4j.spi.vault.Vault;
import io.memos4j.spi.vault.VaultWriter;
import java.util.concurrent.locks.ReentrantLock;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The roster as it is now, and the one way to change it. Thread-safe.
 *
 * <p>Every call of a server asks who its caller is and what it may do; that must not wait for a disk. Principals, keys
 * and grants are few, so all of them are held as one immutable {@link AccessSnapshot}, which each change reads anew
 * inside its own transaction and puts in the place of the former. Changes come one after the other, so the roster
 * passes through the same states as the vault, in the same order.
 *
 * <p>What takes a right away holds a moment before the commit: nothing that is committed later, a new cube of the same
 * name for example, is ever seen under a right from before. What gives a right holds after the commit. Where the
 * outcome of a change is unknown, the roster is read again; if that fails too, the narrower one stays.
 */
final class AccessRegistry {
    private static final Logger LOG = LoggerFactory.getLogger(AccessRegistry.class);

    private final Vault vault;
    private final ReentrantLock order = new ReentrantLock();
    private volatile AccessSnapshot roster;

    /** What to change, knowing what is stored. */
    interface Change<T> {
        T make(VaultWriter writer, AccessSnapshot before);
    }

    private record Changed<T>(T result, AccessSnapshot after) {}

    AccessRegistry(Vault vault) {
        this.vault = vault;
        this.roster = vault.read(reader -> AccessSnapshot.of(reader.access()));
    }

    /** As of the last change. Never waits. */
    AccessSnapshot snapshot() {
        return roster;
    }

    /** Makes a change that gives rights, or gives some and takes others. */
    <T> T writeGranting(Change<T> change) {
        return runSerialized(() -> vault.write(writer -> changed(writer, change)));
    }

    /** Makes a change that only takes rights. */
    <T> T writeRevoking(Change<T> change) {
        return runSerialized(() -> vault.write(writer -> {
            Changed<T> changed = changed(writer, change);
            roster = changed.after;
            return changed;
        }));
    }

    private static <T> Changed<T> changed(VaultWriter writer, Change<T> change) {
        T result = change.make(writer, AccessSnapshot.of(writer.access()));
        return new Changed<>(result, AccessSnapshot.of(writer.access()));
    }

    private interface Write<T> {
        Changed<T> run();
    }

    private <T> T runSerialized(Write<T> write) {
        order.lock();
        try {
            Changed<T> changed = write.run();
            roster = changed.after;
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
            roster = vault.read(reader -> AccessSnapshot.of(reader.access()));
        } catch (MemoryException e) {
            LOG.warn("What may be done by whom could not be read again after a failed change: {}", e.getMessage());
        }
    }
}
