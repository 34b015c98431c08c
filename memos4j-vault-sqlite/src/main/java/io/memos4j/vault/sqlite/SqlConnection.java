package io.memos4j.vault.sqlite;

import io.memos4j.api.ItemId;
import io.memos4j.api.MemoryException;
import io.memos4j.api.tasks.TaskId;
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
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SequencedMap;
import org.jspecify.annotations.Nullable;

/**
 * One connection with its prepared statements, which live as long as it does. Not thread-safe. A result is read whole
 * before the next statement runs, so that a statement is never used twice at a time.
 */
final class SqlConnection implements AutoCloseable {
    private final Path file;
    private final Connection connection;
    private final Map<String, PreparedStatement> prepared = new HashMap<>();

    /** Reads one row. */
    interface RowMapper<T> {
        T map(ResultSet row) throws SQLException;
    }

    SqlConnection(Path file, Connection connection) {
        this.file = file;
        this.connection = connection;
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

    <T> List<T> query(RowMapper<T> mapper, String sql, @Nullable Object... values) {
        try (ResultSet rows = bound(sql, values).executeQuery()) {
            List<T> result = new ArrayList<>();
            while (rows.next()) {
                result.add(mapper.map(rows));
            }
            return result;
        } catch (SQLException e) {
            throw failed(sql, e);
        }
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

    <T> Optional<T> first(RowMapper<T> mapper, String sql, @Nullable Object... values) {
        return query(mapper, sql, values).stream().findFirst();
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
            case Instant time -> statement.setLong(index, time.toEpochMilli());
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

    /** Undoes an open transaction, if SQLite has not done so itself. */
    void rollback() {
        try {
            execute("ROLLBACK");
        } catch (MemoryException e) {
            // SQLite ends a transaction by itself on some failures; then there is nothing left to roll back.
        }
    }
}
