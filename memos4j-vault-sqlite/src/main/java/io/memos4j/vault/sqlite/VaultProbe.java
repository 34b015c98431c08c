package io.memos4j.vault.sqlite;

/**
 * A trial of the writer, in its transaction: takes room and gives it back, so that a full vault is noticed, and writes
 * the first page as it is, so that something must reach the disk.
 */
final class VaultProbe {
    /** Half of the hexadecimal digits that are written: more than free pages of a full vault are likely to hold. */
    private static final int BYTES = 128 << 10;

    private final SqlConnection sql;

    VaultProbe(SqlConnection sql) {
        this.sql = sql;
    }

    void run() {
        sql.update("SAVEPOINT probe");
        sql.update(
                "INSERT INTO answer (cube_id, key, request_hash, answer, created_at)"
                        + " VALUES (0, '', '', hex(zeroblob(?)), 0)",
                BYTES);
        sql.update("ROLLBACK TO probe");
        sql.update("RELEASE probe");
        sql.execute("PRAGMA user_version = " + sql.number("PRAGMA user_version"));
    }
}
