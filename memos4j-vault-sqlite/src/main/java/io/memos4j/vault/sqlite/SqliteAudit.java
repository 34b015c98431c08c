package io.memos4j.vault.sqlite;

import io.memos4j.api.MemoryException;
import io.memos4j.api.Page;
import io.memos4j.api.access.AuditEntry;
import io.memos4j.api.access.AuditQuery;
import io.memos4j.api.access.AuditRecord;
import io.memos4j.spi.access.AuditChain;
import io.memos4j.spi.access.AuditCheckpoint;
import io.memos4j.spi.access.AuditPosition;
import io.memos4j.spi.access.AuditWriter;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;

/** The audit log in SQLite. */
final class SqliteAudit implements AuditWriter {
    private static final String ENTRY = "number, at, principal, key, action, cube, target, outcome, request, count";
    private static final int HASH = 11;
    private static final String CHECKPOINTS =
            "SELECT number, hash, at, public_key, signature FROM audit_checkpoint ORDER BY number";

    private final SqlConnection sql;

    SqliteAudit(SqlConnection sql) {
        this.sql = sql;
    }

    @Override
    public Page<AuditEntry> list(AuditQuery query) {
        List<Object> values = new ArrayList<>();
        StringBuilder condition = new StringBuilder("number < ?");
        values.add(query.cursor().isEmpty() ? Long.MAX_VALUE : number(query.cursor()));
        AuditQuery.AuditFilter filter = query.filter();
        filter.principal().ifPresent(principal -> {
            condition.append(" AND principal = ?");
            values.add(principal);
        });
        filter.cube().ifPresent(cube -> {
            condition.append(" AND cube = ?");
            values.add(cube.value());
        });
        filter.action().ifPresent(action -> {
            condition.append(" AND action = ?");
            values.add(action);
        });
        filter.since().ifPresent(since -> {
            condition.append(" AND at >= ?");
            values.add(since);
        });
        filter.until().ifPresent(until -> {
            condition.append(" AND at < ?");
            values.add(until);
        });
        values.add(query.limit() + 1);
        List<AuditEntry> entries = sql.query(
                SqliteAudit::entry,
                "SELECT " + ENTRY + " FROM audit WHERE " + condition + " ORDER BY number DESC LIMIT ?",
                values.toArray());
        return Page.cut(entries, query.limit(), entry -> Long.toString(entry.number()));
    }

    private static AuditEntry entry(ResultSet row) throws SQLException {
        return new AuditEntry(
                row.getLong(1),
                RowMappers.instant(row, 2),
                row.getString(3),
                row.getString(4),
                row.getString(5),
                row.getString(6),
                row.getString(7),
                row.getInt(8),
                row.getString(9),
                row.getLong(10));
    }

    private static long number(String cursor) {
        try {
            long number = Long.parseLong(cursor);
            if (number > 0) {
                return number;
            }
        } catch (NumberFormatException e) {
            // Fall through to the one refusal below.
        }
        throw MemoryException.invalid(
                "'" + cursor + "' is not a cursor of the audit. Use the one that the former page gave.");
    }

    @Override
    public List<AuditRecord> recordsAfter(long number, int limit) {
        return sql.query(
                row -> new AuditRecord(entry(row), HexFormat.of().formatHex(row.getBytes(HASH))),
                "SELECT " + ENTRY + ", hash FROM audit WHERE number > ? ORDER BY number LIMIT ?",
                number,
                limit);
    }

    private static AuditPosition position(ResultSet row) throws SQLException {
        return new AuditPosition(row.getLong(1), row.getBytes(2));
    }

    @Override
    public AuditPosition start() {
        return sql.first(SqliteAudit::position, "SELECT number, hash FROM audit_start")
                .orElseThrow();
    }

    @Override
    public AuditPosition head() {
        return sql.first(SqliteAudit::position, "SELECT number, hash FROM audit ORDER BY number DESC LIMIT 1")
                .orElseGet(this::start);
    }

    @Override
    public long lastNumber() {
        return sql.number("SELECT seq FROM sqlite_sequence WHERE name = 'audit'");
    }

    @Override
    public Optional<AuditCheckpoint> lastCheckpoint() {
        return sql.first(SqliteAudit::checkpoint, CHECKPOINTS + " DESC LIMIT 1");
    }

    @Override
    public List<AuditCheckpoint> checkpoints() {
        return sql.query(SqliteAudit::checkpoint, CHECKPOINTS);
    }

    private static AuditCheckpoint checkpoint(ResultSet row) throws SQLException {
        return new AuditCheckpoint(position(row), RowMappers.instant(row, 3), row.getBytes(4), row.getBytes(5));
    }

    @Override
    public long record(AuditEntry given) {
        AuditPosition head = head();
        AuditEntry entry = new AuditEntry(
                Math.max(head.number(), lastNumber()) + 1,
                given.at(),
                given.principal(),
                given.key(),
                given.action(),
                given.cube(),
                given.target(),
                given.outcome(),
                given.request(),
                given.count());
        sql.update(
                "INSERT INTO audit (" + ENTRY + ", hash) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
                entry.number(),
                entry.at(),
                entry.principal(),
                entry.key(),
                entry.action(),
                entry.cube(),
                entry.target(),
                entry.outcome(),
                entry.request(),
                entry.count(),
                AuditChain.hash(head.hash(), entry));
        return entry.number();
    }

    @Override
    public void add(AuditCheckpoint checkpoint) {
        sql.update(
                "INSERT OR REPLACE INTO audit_checkpoint (number, hash, at, public_key, signature)"
                        + " VALUES (?, ?, ?, ?, ?)",
                checkpoint.position().number(),
                checkpoint.position().hash(),
                checkpoint.at(),
                checkpoint.publicKey(),
                checkpoint.signature());
    }

    @Override
    public void removeUpTo(AuditPosition position) {
        sql.update("UPDATE audit_start SET number = ?, hash = ?", position.number(), position.hash());
        sql.update("DELETE FROM audit WHERE number <= ?", position.number());
        sql.update("DELETE FROM audit_checkpoint WHERE number < ?", position.number());
    }

    /** Chains the entries of earlier formats, which have no hash yet. */
    static void chain(SqlConnection sql) {
        byte[] former = AuditChain.beginning();
        SqliteAudit audit = new SqliteAudit(sql);
        List<AuditRecord> batch = audit.recordsAfter(0, AuditQuery.MAX_LIMIT);
        while (!batch.isEmpty()) {
            for (AuditRecord each : batch) {
                former = AuditChain.hash(former, each.entry());
                sql.update(
                        "UPDATE audit SET hash = ? WHERE number = ?",
                        former,
                        each.entry().number());
            }
            batch = audit.recordsAfter(batch.getLast().entry().number(), AuditQuery.MAX_LIMIT);
        }
    }
}
