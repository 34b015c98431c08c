package io.memos4j.vault.sqlite;

import io.memos4j.api.ErrorCode;
import io.memos4j.api.MemoryException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Objects;

/**
 * Brings the file to the format of this build. A format is a number in SQLite's {@code user_version} and a script that
 * leads to it from the one before; scripts are never changed once released. Each script and its number are committed
 * together.
 */
final class SchemaMigrations {
    /** The script that leads to format n is the n-th. */
    private static final List<String> SCRIPTS = List.of(
            "V001__first.sql",
            "V002__succession.sql",
            "V003__scheduler.sql",
            "V004__governance.sql",
            "V005__holding.sql",
            "V006__activation.sql",
            "V007__adapter.sql",
            "V008__standing.sql",
            "V009__change.sql",
            "V010__zone.sql",
            "V011__audit.sql",
            "V012__authorship.sql",
            "V013__privacy.sql");

    /** The format whose script leaves entries of the audit to be chained. */
    private static final int CHAINED_AUDIT = 11;

    private SchemaMigrations() {}

    static void run(SqlConnection sql) {
        int format = (int) sql.number("PRAGMA user_version");
        if (format > SCRIPTS.size()) {
            throw new MemoryException(
                    ErrorCode.FORMAT_TOO_NEW,
                    "Cannot open vault " + sql.file() + ": written by format " + format + ", this build reads up to "
                            + SCRIPTS.size() + ". Upgrade memos4j.");
        }
        for (int next = format; next < SCRIPTS.size(); next++) {
            sql.execute("BEGIN IMMEDIATE");
            try {
                sql.executeScript(script(SCRIPTS.get(next)));
                if (next + 1 == CHAINED_AUDIT) {
                    SqliteAudit.chain(sql);
                }
                sql.execute("PRAGMA user_version = " + (next + 1));
                sql.execute("COMMIT");
            } catch (MemoryException e) {
                sql.rollback();
                throw e;
            }
        }
    }

    private static String script(String name) {
        try (InputStream stream =
                Objects.requireNonNull(SchemaMigrations.class.getResourceAsStream(name), "resource " + name)) {
            return new String(stream.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new MemoryException(ErrorCode.STORAGE_FAILED, "Cannot read migration " + name + " from the jar.", e);
        }
    }
}
