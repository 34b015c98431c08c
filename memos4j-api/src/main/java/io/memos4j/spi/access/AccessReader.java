package io.memos4j.spi.access;

import io.memos4j.api.Page;
import io.memos4j.api.access.AuditEntry;
import io.memos4j.api.access.AuditQuery;
import io.memos4j.api.access.CubeGrant;
import io.memos4j.api.access.Principal;
import io.memos4j.spi.vault.VaultReader;
import java.util.List;

/** Reads principals, keys, grants and the audit log. Valid like the {@link VaultReader} that it belongs to. */
public interface AccessReader {
    /** Returns every principal, by name. */
    List<Principal> principals();

    /** Returns every key, revoked ones included, oldest first. */
    List<StoredKey> keys();

    /** Returns every grant, expired ones included, by principal and cube, with the current names of the cubes. */
    List<CubeGrant> grants();

    /**
     * Returns a page of the audit log, newest first. The cursor is the number of the last entry of the previous page.
     *
     * @throws io.memos4j.api.MemoryException with {@link io.memos4j.api.ErrorCode#INVALID_ARGUMENT} for a cursor of
     *     another listing
     */
    Page<AuditEntry> audit(AuditQuery query);
}
