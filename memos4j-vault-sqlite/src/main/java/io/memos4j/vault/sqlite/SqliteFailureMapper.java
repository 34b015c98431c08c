package io.memos4j.vault.sqlite;

import io.memos4j.api.ErrorCode;
import io.memos4j.api.MemoryException;
import java.nio.file.Path;
import java.sql.SQLException;
import org.sqlite.SQLiteErrorCode;

/** Maps SQLite's result codes to errors. */
final class SqliteFailureMapper {
    /** The primary result code is the low byte of an extended one. */
    private static final int PRIMARY = 0xff;

    private SqliteFailureMapper() {}

    static MemoryException closed() {
        return new MemoryException(ErrorCode.CLOSED, "The vault is closed.");
    }

    static MemoryException of(Path file, SQLException failure) {
        int code = failure.getErrorCode() & PRIMARY;
        if (code == SQLiteErrorCode.SQLITE_FULL.code) {
            return new MemoryException(
                    ErrorCode.STORAGE_FULL,
                    "Vault " + file
                            + " cannot grow: the disk is full or its size limit is reached. Free space or raise the"
                            + " limit;"
                            + " what was stored before is safe.",
                    failure);
        }
        if (code == SQLiteErrorCode.SQLITE_CORRUPT.code || code == SQLiteErrorCode.SQLITE_NOTADB.code) {
            return new MemoryException(
                    ErrorCode.CORRUPT,
                    "Vault " + file + " is damaged: " + failure.getMessage()
                            + ". Restore it from a backup, or recover what is"
                            + " readable with the sqlite3 shell's .recover command.",
                    failure);
        }
        return new MemoryException(
                ErrorCode.STORAGE_FAILED,
                "Vault " + file + " cannot be read or written: " + failure.getMessage()
                        + ". Check the disk and the file's permissions.",
                failure);
    }
}
