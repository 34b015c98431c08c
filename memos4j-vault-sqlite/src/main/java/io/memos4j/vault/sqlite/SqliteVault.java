package io.memos4j.vault.sqlite;

import io.memos4j.api.Actor;
import io.memos4j.api.ErrorCode;
import io.memos4j.api.MemoryException;
import io.memos4j.internal.PrivateFiles;
import io.memos4j.spi.vault.Vault;
import io.memos4j.spi.vault.VaultReader;
import io.memos4j.spi.vault.VaultWriter;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Function;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.sqlite.SQLiteConfig;

/**
 * The vault in one SQLite file: WAL, {@code synchronous=FULL}, one writer with group commit, several readers on
 * snapshots.
 *
 * <p>{@code secure_delete} overwrites erased rows with zeros at once; what pages and the write-ahead log still hold of
 * them is gone after {@link #compact()}.
 */
final class SqliteVault implements Vault {
    private static final Logger LOG = LoggerFactory.getLogger(SqliteVault.class);
    private static final int PAGE_BYTES = 8_192;
    private static final int READERS = 4;

    /** The page cache of one connection; negative means KiB. */
    private static final int WRITER_CACHE = -8_000;

    private static final int READER_CACHE = -4_000;

    /** The wait for a lock that another connection holds, for example during a checkpoint. */
    private static final int BUSY_MILLIS = 10_000;

    /** Counts impossible rows of each kind. */
    private static final String LOST = """
            SELECT * FROM (
                SELECT count(*) AS number, 'items without their current version' FROM item i WHERE NOT EXISTS (
                    SELECT 1 FROM item_version v
                    WHERE v.cube_id = i.cube_id AND v.item_id = i.item_id AND v.version = i.version)
                UNION ALL
                SELECT count(DISTINCT a.rowid), 'adapters in use that were taught erased items'
                FROM adapter a JOIN adapter_source s
                ON s.cube_id = a.cube_id AND s.name = a.name AND s.version = a.version
                WHERE a.state NOT IN ('suspended', 'retired')
                AND NOT EXISTS (SELECT 1 FROM item i WHERE i.cube_id = s.cube_id AND i.item_id = s.item_id))
            WHERE number > 0""";

    private final Path file;
    private final SqlConnection writing;
    private final GroupCommit commits;
    private final ReaderPool readers;
    private final VaultLock lock;
    private final AtomicBoolean closed = new AtomicBoolean();

    /** One compaction at a time; the calls that come meanwhile share the next one. */
    private final ReentrantLock compacting = new ReentrantLock();

    private final AtomicLong compactionsAsked = new AtomicLong();
    private long compactionsDone;

    /** False until the first compaction: an older release may have erased without counting. */
    private boolean rewritten;

    private SqliteVault(Path file, SqlConnection writing, VaultLock lock) {
        this.file = file;
        this.writing = writing;
        this.lock = lock;
        this.readers = new ReaderPool(READERS, () -> reading(file), ReaderPool.Waits.DEFAULT);
        this.commits = new GroupCommit(writing);
    }

    static SqliteVault open(Path file, long maxBytes) {
        createPrivate(file);
        SqlConnection sql = connect(file, config(WRITER_CACHE));
        Optional<VaultLock> lock = Optional.empty();
        try {
            sql.execute("PRAGMA page_size = " + PAGE_BYTES);
            sql.execute("PRAGMA journal_mode = WAL");
            lock = Optional.of(VaultLock.acquire(file));
            sql.execute("PRAGMA synchronous = FULL");
            sql.execute("PRAGMA secure_delete = ON");
            sql.execute("PRAGMA journal_size_limit = " + (64 << 20));
            long pageBytes = sql.number("PRAGMA page_size");
            sql.execute("PRAGMA max_page_count = " + Math.max(1, Math.min(maxBytes / pageBytes, 0xfffffffeL)));
            SchemaMigrations.run(sql);
            return new SqliteVault(file, sql, lock.get());
        } catch (MemoryException e) {
            sql.close();
            lock.ifPresent(VaultLock::close);
            throw e;
        }
    }

    /** SQLite gives the files beside the vault the permissions that the vault has. */
    private static void createPrivate(Path file) {
        try {
            PrivateFiles.createFile(file);
        } catch (IOException e) {
            throw new MemoryException(
                    ErrorCode.STORAGE_FAILED,
                    "Cannot create vault " + file + ": " + e + ". Check the directory and its permissions.",
                    e);
        }
    }

    private static SqlConnection reading(Path file) {
        SqlConnection sql = connect(file).skippingDamaged();
        sql.execute("PRAGMA query_only = ON");
        return sql;
    }

    private static SQLiteConfig config(int cache) {
        SQLiteConfig config = new SQLiteConfig();
        config.setBusyTimeout(BUSY_MILLIS);
        config.setCacheSize(cache);
        // The driver would run a query after each insert, and leave it open, which VACUUM refuses.
        config.setGetGeneratedKeys(false);
        config.setTempStore(SQLiteConfig.TempStore.MEMORY);
        return config;
    }

    static SqlConnection connect(Path file) {
        return connect(file, config(READER_CACHE));
    }

    private static SqlConnection connect(Path file, SQLiteConfig config) {
        try {
            return new SqlConnection(file, config.createConnection("jdbc:sqlite:" + file));
        } catch (SQLException e) {
            throw SqliteFailureMapper.of(file, e);
        }
    }

    @Override
    public <T> T read(Function<VaultReader, T> work) {
        return readers.read(work::apply);
    }

    @Override
    public <T> T write(Actor actor, Function<VaultWriter, T> work) {
        VaultWriter writer = new SqliteWriter(writing, actor);
        return commits.write(() -> work.apply(writer));
    }

    /**
     * Rewrites the file beside readers if something was erased since the last time, and then moves the write-ahead log
     * into it while nobody reads.
     *
     * @throws MemoryException with {@link ErrorCode#TIMEOUT} if others read for so long that the log could not be
     *     emptied: erased content may still be in it
     */
    @Override
    public void compact() {
        long asked = compactionsAsked.incrementAndGet();
        compacting.lock();
        try {
            if (compactionsDone < asked) {
                long upTo = compactionsAsked.get();
                long erased = commits.alone(this::rewrite);
                readers.withoutReaders(() -> commits.alone(this::emptyLog));
                commits.write(() -> {
                    new PendingErasures(writing).subtract(erased);
                    return true;
                });
                compactionsDone = upTo;
            }
        } finally {
            compacting.unlock();
        }
    }

    /** Rewrites the file if something was erased; returns the number of erasures that are gone by it. */
    private long rewrite() {
        long erased = new PendingErasures(writing).count();
        if (erased > 0 || !rewritten) {
            writing.execute("VACUUM");
            rewritten = true;
        }
        return erased;
    }

    private boolean emptyLog() {
        if (writing.number("PRAGMA wal_checkpoint(TRUNCATE)") != 0) {
            throw new MemoryException(
                    ErrorCode.TIMEOUT,
                    "The write-ahead log of vault " + file + " could not be emptied: a backup or another process"
                            + " reads the vault. Compact again later.");
        }
        return true;
    }

    @Override
    public void probe() {
        readers.read(reader -> reader.sql.number("SELECT count(*) FROM cube"));
        if (!compacting.isLocked()) {
            commits.write(() -> {
                new VaultProbe(writing).run();
                return true;
            });
        }
    }

    /**
     * On a thread of its own: it may take minutes in native code, which would block the carrier of a virtual thread.
     */
    @Override
    public void backup(Path copy) {
        if (closed.get()) {
            throw SqliteFailureMapper.closed();
        }
        try {
            CompletableFuture.runAsync(
                            () -> SqliteBackup.write(() -> connect(file), copy),
                            Thread.ofPlatform().name("memos4j-backup").daemon()::start)
                    .join();
        } catch (CompletionException e) {
            throw e.getCause() instanceof MemoryException failure
                    ? new MemoryException(failure.code(), failure.getMessage(), failure)
                    : e;
        }
    }

    @Override
    public List<String> verify() {
        List<String> damage = new ArrayList<>();
        for (String finding :
                readers.read(reader -> reader.sql.query(row -> row.getString(1), "PRAGMA integrity_check(20)"))) {
            if (!finding.equals("ok")) {
                damage.add("Vault " + file + " is damaged: " + finding + ". Restore it from a backup.");
            }
        }
        damage.addAll(readers.read(reader -> reader.sql.query(
                row -> "Vault " + file + " has " + row.getLong(1) + " " + row.getString(2)
                        + ". Restore it from a backup.",
                LOST)));
        readers.read(reader -> damage.addAll(new DamagedRows(reader.sql).describe()));
        return damage;
    }

    @Override
    public long bytes() {
        long bytes = 0;
        for (String suffix : List.of("", "-wal", "-shm")) {
            try {
                Path each = file.resolveSibling(file.getFileName() + suffix);
                bytes += Files.exists(each) ? Files.size(each) : 0;
            } catch (IOException e) {
                // A log that was removed between the two calls has no size.
            }
        }
        return bytes;
    }

    @Override
    public void close() {
        if (closed.compareAndSet(false, true)) {
            commits.close();
            readers.close();
            try {
                writing.execute("PRAGMA wal_checkpoint(TRUNCATE)");
            } catch (MemoryException e) {
                LOG.warn("The write-ahead log stays beside the vault, the next start reads it: {}", e.getMessage());
            } finally {
                writing.close();
                // A read that did not end still counts on SQLite's own locks, which would go with this one.
                if (readers.isDrained()) {
                    lock.close();
                }
            }
        }
    }
}
