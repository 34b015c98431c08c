package io.memos4j.vault.sqlite;

import io.memos4j.api.ErrorCode;
import io.memos4j.api.ItemId;
import io.memos4j.api.MemoryException;
import io.memos4j.api.tasks.TaskId;
import io.memos4j.internal.EpochMillis;
import io.memos4j.spi.CubeKey;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Types;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SequencedMap;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One connection with its prepared statements, which live as long as it does. Not thread-safe. A result is read whole
 * before the next statement runs, so that a statement is never used twice at a time.
 */
final class SqlConnection implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(SqlConnection.class);

    /** The different damages that a connection reports in the log. */
    private static final int MAX_REPORTED = 20;

    private final Path file;
    private final Connection connection;
    private final Map<String, PreparedStatement> prepared = new HashMap<>();
    private final Set<String> reported = new HashSet<>();
    private boolean skipsDamaged;

    /** Reads one row. */
    interface RowMapper<T> {
        T map(ResultSet row) throws SQLException;
    }

    /** Does something with one row. */
    interface RowVisitor {
        void visit(ResultSet row) throws SQLException;
    }

    SqlConnection(Path file, Connection connection) {
        this.file = file;
        this.connection = connection;
    }

    /**
     * Lets lists leave out rows that cannot be read, with a warning in the log, instead of failing. For connections
     * that only read: a change that is based on a list must see all of it.
     */
    SqlConnection skippingDamaged() {
        skipsDamaged = true;
        return this;
    }

    Path file() {
        return file;
    }

    /** Runs a statement that is not worth keeping: a pragma, a migration. */
    void execute(String sql) {
        try (var statement = connection.createStatement()) {
            statement.execute(sql);
        } catch (SQLException e) {
            throw SqliteFailureMapper.of(file, e);
        }
    }

    /** Runs the statements of a script, which are separated by semicolons at line ends. */
    void executeScript(String script) {
        for (String statement : script.split(";\\s*\n")) {
            if (!statement.isBlank()) {
                execute(statement);
            }
        }
    }

    int update(String sql, @Nullable Object... values) {
        try {
            return bound(sql, values).executeUpdate();
        } catch (SQLException e) {
            throw failed(sql, e);
        }
    }

    /** Returns the rows; see {@link #skippingDamaged} for those that cannot be read. */
    <T> List<T> query(RowMapper<T> mapper, String sql, @Nullable Object... values) {
        List<T> result = new ArrayList<>();
        visit(
                row -> {
                    try {
                        result.add(mapper.map(row));
                    } catch (RuntimeException e) {
                        leaveOut(e);
                    }
                },
                sql,
                values);
        return result;
    }

    /** Passes each row on, without keeping it. */
    void visit(RowVisitor visitor, String sql, @Nullable Object... values) {
        try (ResultSet rows = bound(sql, values).executeQuery()) {
            while (rows.next()) {
                visitor.visit(rows);
            }
        } catch (SQLException e) {
            throw failed(sql, e);
        }
    }

    /** Maps a row; empty if it is damaged and this connection leaves damaged rows out. */
    <T> Optional<T> findReadable(RowMapper<T> mapper, ResultSet row) throws SQLException {
        try {
            return Optional.of(mapper.map(row));
        } catch (RuntimeException e) {
            leaveOut(e);
            return Optional.empty();
        }
    }

    private void leaveOut(RuntimeException damage) {
        if (!skipsDamaged) {
            throw damaged(damage);
        }
        if (reported.size() < MAX_REPORTED && reported.add(String.valueOf(damage.getMessage()))) {
            LOG.warn("A damaged row of {} was left out ({}). memos4j doctor names it.", file, damage.getClass());
        }
    }

    private MemoryException damaged(RuntimeException cause) {
        return new MemoryException(
                ErrorCode.CORRUPT,
                "A row of vault " + file + " is damaged (" + cause.getClass().getSimpleName()
                        + "). memos4j doctor names it; restore it from a backup or delete the item.",
                cause);
    }

    /** Returns the rows as a map, in their order; of rows with the same key the last one wins. */
    <K, V> SequencedMap<K, V> map(RowMapper<K> key, RowMapper<V> value, String sql, @Nullable Object... values) {
        SequencedMap<K, V> map = new LinkedHashMap<>();
        query(
                row -> {
                    map.put(key.map(row), value.map(row));
                    return row;
                },
                sql,
                values);
        return map;
    }

    /** Returns the first row; one that cannot be read is an error, since it is not missing. */
    <T> Optional<T> first(RowMapper<T> mapper, String sql, @Nullable Object... values) {
        List<T> result = new ArrayList<>();
        visit(
                row -> {
                    try {
                        result.add(mapper.map(row));
                    } catch (RuntimeException e) {
                        throw damaged(e);
                    }
                },
                sql,
                values);
        return result.stream().findFirst();
    }

    long number(String sql, @Nullable Object... values) {
        return first(row -> row.getLong(1), sql, values).orElse(0L);
    }

    /** The driver ends a statement that failed, and it would fail forever: the next use prepares it anew. */
    private MemoryException failed(String sql, SQLException failure) {
        PreparedStatement ended = prepared.remove(sql);
        if (ended != null) {
            try {
                ended.close();
            } catch (SQLException e) {
                failure.addSuppressed(e);
            }
        }
        return SqliteFailureMapper.of(file, failure);
    }

    private PreparedStatement bound(String sql, @Nullable Object[] values) throws SQLException {
        PreparedStatement statement = prepared.get(sql);
        if (statement == null) {
            statement = connection.prepareStatement(sql);
            prepared.put(sql, statement);
        }
        for (int i = 0; i < values.length; i++) {
            bind(statement, i + 1, values[i]);
        }
        return statement;
    }

    private static void bind(PreparedStatement statement, int index, @Nullable Object value) throws SQLException {
        switch (value) {
            case null -> statement.setNull(index, Types.NULL);
            case String text -> statement.setString(index, text);
            case CubeKey cube -> statement.setLong(index, cube.value());
            case Long number -> statement.setLong(index, number);
            case Integer number -> statement.setInt(index, number);
            case Double number -> statement.setDouble(index, number);
            case Boolean flag -> statement.setBoolean(index, flag);
            case Instant time -> statement.setLong(index, EpochMillis.of(time));
            case ItemId id -> statement.setBytes(index, StoredIds.bytes(id));
            case TaskId id -> statement.setBytes(index, StoredIds.bytes(id));
            case byte[] bytes -> statement.setBytes(index, bytes);
            default -> throw new IllegalArgumentException("Cannot bind a " + value.getClass());
        }
    }

    @Override
    public void close() {
        try {
            connection.close();
        } catch (SQLException e) {
            throw SqliteFailureMapper.of(file, e);
        }
    }

    /**
     * Rolls the transaction back. Never fails.
     *
     * @return false if nothing was rolled back: SQLite has ended the transaction by itself, which it does on some
     *     failures, or the connection must not be used again
     */
    boolean rollback() {
        try {
            execute("ROLLBACK");
            return true;
        } catch (RuntimeException | Error e) {
            return false;
        }
    }
}
