package io.memos4j.spi.access;

import io.memos4j.api.access.AuditEntry;
import io.memos4j.spi.vault.VaultWriter;

/** Adds to the audit log. Works inside the transaction of its {@link VaultWriter}. */
public interface AuditWriter extends AuditReader {
    /**
     * Adds an entry at the end of the chain, where it can be neither changed nor removed; the number of the given entry
     * is ignored. Returns its number.
     */
    long record(AuditEntry entry);

    /** Adds a checkpoint, in place of a former one at the same entry. */
    void add(AuditCheckpoint checkpoint);

    /** Removes the entries up to a position, which must have a checkpoint, and the checkpoints before it. */
    void removeUpTo(AuditPosition position);
}
