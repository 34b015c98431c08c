package io.memos4j.vault.sqlite;

import io.memos4j.api.Actor;
import io.memos4j.api.MemoryException;
import io.memos4j.spi.vault.Vault;
import io.memos4j.spi.vault.VaultReader;
import io.memos4j.spi.vault.VaultWriter;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.atomic.AtomicBoolean;
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
    private final AtomicBoolean closed = new AtomicBoolean();

    private SqliteVault(Path file, SqlConnection writing) {
        this.file = file;
        this.writing = writing;
        this.readers = new ReaderPool(READERS, () -> reading(file));
        this.commits = new GroupCommit(writing);
    }

    static SqliteVault open(Path file, long maxBytes) {
        SqlConnection sql = connect(file, config(WRITER_CACHE));
        try {
            sql.execute("PRAGMA page_size = " + PAGE_BYTES);
            sql.execute("PRAGMA journal_mode = WAL");
            sql.execute("PRAGMA synchronous = FULL");
            sql.execute("PRAGMA secure_delete = ON");
            sql.execute("PRAGMA journal_size_limit = " + (64 << 20));
            long pageBytes = sql.number("PRAGMA page_size");
            sql.execute("PRAGMA max_page_count = " + Math.max(1, Math.min(maxBytes / pageBytes, 0xfffffffeL)));
            SchemaMigrations.run(sql);
            return new SqliteVault(file, sql);
        } catch (MemoryException e) {
            sql.close();
            throw e;
        }
    }

    private static SqlConnection reading(Path file) {
        SqlConnection sql = connect(file);
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

    @Override
    public void compact() {
        readers.withoutReaders(() -> commits.alone(() -> {
            writing.execute("PRAGMA wal_checkpoint(TRUNCATE)");
            writing.execute("VACUUM");
            writing.execute("PRAGMA wal_checkpoint(TRUNCATE)");
            return true;
        }));
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
            }
        }
    }
}
