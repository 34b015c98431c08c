package io.memos4j.core.index;

import io.memos4j.api.ErrorCode;
import io.memos4j.api.MemoryException;
import io.memos4j.core.files.PrivateDirectories;
import io.memos4j.spi.CubeKey;
import io.memos4j.spi.CubeRow;
import io.memos4j.spi.index.ChangeBatch;
import io.memos4j.spi.index.CubeIndex;
import io.memos4j.spi.index.CubeIndexProvider;
import io.memos4j.spi.vault.Vault;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Function;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Manages the open search indexes: one per cube, opened on first use; the least recently used one is closed when there
 * are too many.
 *
 * <p>An index is a cache of the vault and follows it by sequence number: every use first brings it up to the cube's
 * last change, be it the add that has just committed, changes before a crash, or all items after the directory was
 * deleted. Writers that arrive together are served by one catch-up. An index that cannot be read is dropped and
 * rebuilt.
 *
 * <p>Thread-safe. An index in use is never closed, so more than the allowed number may be open for a moment.
 */
public final class CubeIndexManager implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(CubeIndexManager.class);

    /** The items read from the vault at once while catching up. */
    private static final int BATCH = 1_000;

    /** The items applied between two commits of an index, which bounds the work to repeat after a crash. */
    private static final int COMMIT_EVERY = 20_000;

    private final Vault vault;
    private final CubeIndexProvider provider;
    private final Path directory;
    private final int capacity;

    private final ReentrantLock lock = new ReentrantLock();
    private final Condition released = lock.newCondition();
    private final LinkedHashMap<CubeKey, Slot> slots = new LinkedHashMap<>(16, 0.75f, true);
    private boolean closed;

    public CubeIndexManager(Vault vault, CubeIndexProvider provider, Path directory, int capacity) {
        this.vault = vault;
        this.provider = provider;
        this.directory = directory;
        this.capacity = capacity;
    }

    /**
     * Runs {@code work} on the cube's index after it has caught up with the vault.
     *
     * @throws MemoryException with {@link ErrorCode#CUBE_NOT_FOUND} if the cube is gone
     */
    public <T> T use(CubeRow cube, Function<CubeIndex, T> work) {
        Slot slot = acquire(cube);
        try {
            try {
                return work.apply(slot.caughtUp());
            } catch (MemoryException e) {
                slot.recover(e);
                return work.apply(slot.caughtUp());
            }
        } finally {
            release(slot);
        }
    }

    /** Runs {@code work} on the index without catching up, for reads that prefer some answer to a complete one. */
    public <T> T useStale(CubeRow cube, Function<CubeIndex, T> work) {
        Slot slot = acquire(cube);
        try {
            return work.apply(slot.index());
        } finally {
            release(slot);
        }
    }

    /** Brings the index up to the vault's state; does nothing if it is there already. */
    public void catchUp(CubeRow cube) {
        use(cube, CubeIndex::appliedSeq);
    }

    /** Brings the index up to the vault's state if it is open; a closed one catches up on its next use. */
    public void catchUpIfOpen(CubeRow cube) {
        lock.lock();
        try {
            if (closed || !slots.containsKey(cube.key())) {
                return;
            }
        } finally {
            lock.unlock();
        }
        catchUp(cube);
    }

    /** Drops the cube's index and rebuilds it from the vault. */
    public void rebuild(CubeRow cube) {
        Slot slot = acquire(cube);
        try {
            slot.drop();
            slot.caughtUp();
        } finally {
            release(slot);
        }
    }

    /** Deletes the cube's index as soon as it is unused. */
    public void drop(CubeRow cube) {
        Slot slot = acquire(cube);
        try {
            slot.drop();
        } finally {
            release(slot);
        }
        lock.lock();
        try {
            while (slot.users > 0) {
                released.awaitUninterruptibly();
            }
            slots.remove(cube.key(), slot);
        } finally {
            lock.unlock();
        }
        slot.drop();
    }

    /** Deletes the directories of deleted cubes, which a crash may have left. */
    public void dropOrphans(Collection<CubeKey> living) {
        IndexDirectories.deleteAllBut(directory, living);
    }

    /** The number of open indexes. */
    public int openCount() {
        lock.lock();
        try {
            return slots.size();
        } finally {
            lock.unlock();
        }
    }

    /** Makes the changes that open indexes have applied durable, so that the next start need not repeat them. */
    public void commit() {
        List<Slot> open;
        lock.lock();
        try {
            open = new ArrayList<>(slots.values());
            open.forEach(slot -> slot.users++);
        } finally {
            lock.unlock();
        }
        try {
            open.forEach(Slot::commit);
        } finally {
            open.forEach(this::release);
        }
    }

    /** Commits and closes every index once it is unused. */
    @Override
    public void close() {
        List<Slot> open;
        lock.lock();
        try {
            closed = true;
            while (slots.values().stream().anyMatch(slot -> slot.users > 0)) {
                released.awaitUninterruptibly();
            }
            open = new ArrayList<>(slots.values());
            slots.clear();
        } finally {
            lock.unlock();
        }
        open.forEach(Slot::closeQuietly);
    }

    private Slot acquire(CubeRow cube) {
        lock.lock();
        try {
            if (closed) {
                throw new MemoryException(ErrorCode.CLOSED, "The memory system is closed.");
            }
            Slot slot = slots.computeIfAbsent(cube.key(), key -> new Slot(cube));
            slot.users++;
            return slot;
        } finally {
            lock.unlock();
        }
    }

    private void release(Slot slot) {
        List<Slot> evicted;
        lock.lock();
        try {
            slot.users--;
            released.signalAll();
            evicted = closed ? List.of() : evict();
        } finally {
            lock.unlock();
        }
        evicted.forEach(this::retire);
    }

    /**
     * Pins idle slots beyond the capacity, least recently used first, and returns them to be closed outside the lock.
     */
    private List<Slot> evict() {
        int excess = slots.size() - capacity;
        if (excess <= 0) {
            return List.of();
        }
        List<Slot> evicted = slots.values().stream()
                .filter(slot -> slot.users == 0)
                .limit(excess)
                .toList();
        evicted.forEach(slot -> slot.users++);
        return evicted;
    }

    /** Closes a slot, which stays in the map meanwhile, so that the same directory is not opened twice. */
    private void retire(Slot slot) {
        slot.closeQuietly();
        lock.lock();
        try {
            slot.users--;
            // Another thread may have opened it again meanwhile; then it stays.
            if (slot.users == 0 && slot.open.isEmpty()) {
                slots.remove(slot.cube.key(), slot);
            }
            released.signalAll();
        } finally {
            lock.unlock();
        }
    }

    /** The slot of one cube's index. {@code users} is guarded by the outer lock, the index by the slot's own. */
    private final class Slot {
        private final CubeRow cube;
        private final Path folder;
        private final ReentrantLock opening = new ReentrantLock();
        private volatile Optional<CubeIndex> open = Optional.empty();
        private int users;
        private int uncommitted;

        Slot(CubeRow cube) {
            this.cube = cube;
            this.folder = IndexDirectories.directoryOf(directory, cube.key());
        }

        CubeIndex index() {
            Optional<CubeIndex> there = open;
            if (there.isPresent()) {
                return there.get();
            }
            opening.lock();
            try {
                if (open.isEmpty()) {
                    open = Optional.of(openOrRebuild());
                }
                return open.get();
            } finally {
                opening.unlock();
            }
        }

        private CubeIndex openOrRebuild() {
            int dimension = row().dimension();
            try {
                return provider.open(folder, dimension);
            } catch (MemoryException e) {
                if (e.code() != ErrorCode.CORRUPT) {
                    throw e;
                }
                LOG.warn("Rebuilding the index of cube {}: {}", cube.key().value(), e.getMessage());
                PrivateDirectories.delete(folder);
                return provider.open(folder, dimension);
            }
        }

        private CubeRow row() {
            return vault.read(reader -> reader.requireCube(cube.key(), cube.id()));
        }

        CubeIndex caughtUp() {
            long head = row().seq();
            CubeIndex index = index();
            if (index.appliedSeq() >= head) {
                return index;
            }
            opening.lock();
            try {
                index = index();
                boolean more = index.appliedSeq() < head;
                while (more) {
                    long from = index.appliedSeq();
                    ChangeBatch batch = vault.read(reader -> reader.changes(cube.key(), from, BATCH));
                    index.apply(batch);
                    uncommitted += batch.upserts().size() + batch.erased().size();
                    if (uncommitted >= COMMIT_EVERY) {
                        index.commit();
                        uncommitted = 0;
                    }
                    more = batch.more();
                }
                return index;
            } finally {
                opening.unlock();
            }
        }

        /** Makes the slot usable after a failure that another try may cure; rethrows any other failure. */
        void recover(MemoryException failure) {
            switch (failure.code()) {
                case CORRUPT -> {
                    LOG.warn("Rebuilding the index of cube {}: {}", cube.key().value(), failure.getMessage());
                    drop();
                }
                case CLOSED ->
                    LOG.debug(
                            "The index of cube {} was replaced while it was used.",
                            cube.key().value());
                default -> throw failure;
            }
        }

        void commit() {
            opening.lock();
            try {
                if (uncommitted > 0) {
                    open.ifPresent(CubeIndex::commit);
                    uncommitted = 0;
                }
            } finally {
                opening.unlock();
            }
        }

        /** Closes the index, deletes its directory and leaves the slot as if it had never been opened. */
        void drop() {
            opening.lock();
            try {
                closeQuietly();
                PrivateDirectories.delete(folder);
            } finally {
                opening.unlock();
            }
        }

        void close() {
            opening.lock();
            try {
                Optional<CubeIndex> closing = open;
                open = Optional.empty();
                uncommitted = 0;
                closing.ifPresent(CubeIndex::close);
            } finally {
                opening.unlock();
            }
        }

        /**
         * Closes without failing: changes that could not be committed are applied again from the vault on the next
         * opening.
         */
        void closeQuietly() {
            try {
                close();
            } catch (MemoryException e) {
                LOG.warn(
                        "The index of cube {} was closed without a commit: {}",
                        cube.key().value(),
                        e.getMessage());
            }
        }
    }
}
