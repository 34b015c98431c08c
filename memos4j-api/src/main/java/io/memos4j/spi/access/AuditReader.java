package io.memos4j.spi.access;

import io.memos4j.api.Page;
import io.memos4j.api.access.AuditEntry;
import io.memos4j.api.access.AuditQuery;
import io.memos4j.api.access.AuditRecord;
import io.memos4j.spi.vault.VaultReader;
import java.util.List;
import java.util.Optional;

/** Reads the audit log. Valid like the {@link VaultReader} that it belongs to. */
public interface AuditReader {
    /**
     * Returns a page of the log, newest first. The cursor is the number of the last entry of the previous page.
     *
     * @throws io.memos4j.api.MemoryException with {@link io.memos4j.api.ErrorCode#INVALID_ARGUMENT} for a cursor of
     *     another listing
     */
    Page<AuditEntry> list(AuditQuery query);

    /** Returns the entries after a number with their hashes, oldest first. */
    List<AuditRecord> recordsAfter(long number, int limit);

    /** Returns the last entry that the retention removed, or the beginning. */
    AuditPosition start();

    /** Returns the last entry, or {@link #start} if there is none. */
    AuditPosition head();

    /** Returns the number of the last entry that was ever recorded, whether it is still there or not; 0 for none. */
    long lastNumber();

    /** Returns the latest checkpoint. */
    Optional<AuditCheckpoint> lastCheckpoint();

    /** Returns the checkpoints, oldest first. */
    List<AuditCheckpoint> checkpoints();
}
